# panels: matrix
# Any two cpus: the darker, the longer.
set xlabel 'cpu'
set ylabel 'cpu'
set xrange [-0.5:cpus - 0.5]
set yrange [cpus - 0.5:-0.5]
set size ratio 1
set border 0
unset grid
unset key
set tics scale 0
set cbtics format '%g' step((most > least ? most - least : most) / 3)
set cblabel 'ns' offset 1
set palette defined (0 '#e3eef9', 0.5 '#5b9bd5', 1 '#0a2f5c')
if (most > least) { set cbrange [least:most] } else { set cbrange [0:most] }
bright(v) = most > least && v > least + 0.45 * (most - least) || most == least
if (is_text) {
    set xlabel 'cpu; ns'
    plot $data using 1:2:(cpus <= 12 ? strcol(4) : '#') with labels
} else {
    plot $data using 1:2:(0.48):(0.48):3 with boxxyerror fillstyle solid noborder palette, \
        '' using 1:(bright($3) ? 1/0 : $2):4 with labels tc rgb '#101418', \
        '' using 1:(bright($3) ? $2 : 1/0):4 with labels tc rgb '#fdfefe'
}
