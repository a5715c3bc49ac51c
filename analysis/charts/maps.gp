# panels: maps
# Each strategy under each load: the time against the baseline. Equal steps of colour are equal ratios, and what lies
# beyond 16 has the colour of 16.
set xrange [-0.5:columns - 0.5]
set yrange [rows - 0.5:-0.5]
set border 0
unset grid
unset key
set tics scale 0
limit = 4.0
set cbrange [-limit:limit]
set cbtics ('1/16' -4, '1/4' -2, '1' 0, '4' 2, '16' 4)
set cblabel 'below 1 is faster' offset 1
set palette defined (0 '#0a4a86', 0.25 '#7fb2e0', 0.5 '#f3f3f1', 0.75 '#efab83', 1 '#9c3407')
step_of(ratio) = log(ratio) / log(2)
# Where black has more contrast than white.
pale(ratio) = step_of(ratio) > -3.09 && step_of(ratio) < 3.35
if (is_text) {
    set lmargin 20
    set bmargin 4
    plot $data using 1:2:5 with labels
} else {
    set xtics rotate by 35 right
    plot $data using 1:2:(0.48):(0.46):(step_of($3)) with boxxyerror fillstyle solid noborder palette, \
        '' using 1:(pale($3) ? $2 : 1/0):4 with labels tc rgb '#010101', \
        '' using 1:(pale($3) ? 1/0 : $2):4 with labels tc rgb '#fefefe'
}
