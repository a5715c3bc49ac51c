# panels: events
# Events per op of each variant; its time stands below its name.
stats $data using 1:2 nooutput
blocks = STATS_blocks
set xrange [-0.4:STATS_max_x + 0.4]
eval(y_unit('events per op, linear'))
top = STATS_max_y > 0 ? STATS_max_y : 1
set yrange [-0.03 * top:1.12 * top]
set grid noxtics
set bmargin 4
shift(i) = (i - (blocks - 1) / 2.0) * 0.12
plot for [i = 0:blocks - 1] $data index i using ($1 + shift(i)):(bar($2, $3)):3:4 with yerrorbars lt i + 1 ps 0 \
        notitle, \
    for [i = 0:blocks - 1] $data index i using ($1 + shift(i)):2 with points lt i + 1 title columnheader(1)
