# panels: latency
# The median time of each op at each alignment, with its 95% interval. Alignments are not points of a curve, so
# nothing joins them.
stats $data using 1:2 nooutput
blocks = STATS_blocks
set xrange [-0.5:STATS_max_x + 0.5]
eval(y_unit('ns per op, logarithmic'))
eval(log_axis('y', STATS_min_y / 1.25, STATS_max_y * 1.25))
set grid noxtics
width = 0.7 / blocks
shift(i) = (i - (blocks - 1) / 2.0) * (width < 0.14 ? width : 0.14)
plot for [i = 0:blocks - 1] $data index i using ($1 + shift(i)):(bar($2, $3)):3:4 with yerrorbars lt i + 1 ps 0 \
        notitle, \
    for [i = 0:blocks - 1] $data index i using ($1 + shift(i)):2 with points lt i + 1 title columnheader(1)
