# panels: gap
# What sharing adds to an op against the private work before it.
stats $data using 1:2 nooutput
blocks = STATS_blocks
set xlabel 'private work between ops, ns'
eval(y_unit('price, ns per op, linear'))
set xrange [-0.02 * STATS_max_x:STATS_max_x * 1.04]
set xtics step(STATS_max_x / 5)
set yrange [(STATS_min_y < 0 ? STATS_min_y * 1.2 : 0):STATS_max_y * 1.3]
plot for [i = 0:blocks - 1] $data index i using 1:(bar($2, $3)):3:4 with yerrorbars lt i + 1 ps 0 notitle, \
    for [i = 0:blocks - 1] $data index i using 1:2 with linespoints lt i + 1 title columnheader(1)
