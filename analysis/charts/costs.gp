# panels: costs
# The price of each op by the state of the line and whose it is. The first and last place are 0 and `places` - 1.
stats $data using 1 nooutput
blocks = STATS_blocks
set xlabel 'ns per op, logarithmic'
eval(log_axis('x', least / 1.3, most * 1.3))
set yrange [-0.6:places - 0.4]
set lmargin is_text ? 32 : 12
set tmargin is_text ? 3 : 3.5
set bmargin 3.5
if (is_text) { unset grid; set key at screen 0.6, screen 1 center top horizontal maxrows 2 width 2 } else { set key at screen 0.5, screen 0.99 center top horizontal maxcols 8 }
shift(i) = (i - (blocks - 1) / 2.0) * 0.8 / blocks
set samples 2
plot for [i = 0:blocks - 1] $data index i using (bar($2, $3)):($1 - shift(i)):3:4 with xerrorbars lt i + 1 ps 0 \
        notitle, \
    for [i = 0:blocks - 1] $data index i using 2:($1 - shift(i)) with points lt i + 1 ps 0.5 \
        title columnheader(1), \
    for [i = 1:is_text ? 0 : places - 1] i - 0.5 with lines lw 1 lc rgb '#bebebe' notitle
