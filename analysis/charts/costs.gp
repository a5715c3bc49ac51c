# panels: costs
# The price of each op by the state of the line and whose it is.
stats $data using 1 nooutput
blocks = STATS_blocks
set xlabel 'ns per op'
set xrange [0:most * 1.08]
set xtics step(most / 4)
set yrange [-0.6:places - 0.4]
set lmargin 25
set tmargin 4
set key at screen 0.5, screen 0.99 center top horizontal maxcols 8
shift(i) = (i - (blocks - 1) / 2.0) * 0.16
plot for [i = 0:blocks - 1] $data index i using (bar($2, $3)):($1 - shift(i)):3:4 with xerrorbars lt i + 1 ps 0 \
        notitle, \
    for [i = 0:blocks - 1] $data index i using 2:($1 - shift(i)) with points lt i + 1 title columnheader(1)
