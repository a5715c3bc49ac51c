# panels: latency
# The median time of each op at each alignment, with its 95% interval.
stats $data using 1:2 nooutput
blocks = STATS_blocks
set xrange [-0.4:STATS_max_x + 0.4]
set ylabel 'ns per op'
set grid noxtics
if (log) {
    set logscale y
    set yrange [STATS_min_y / 1.4:STATS_max_y * 1.4]
    set ytics ()
    do for [e = -3:7] { do for [m in '1 2 5'] { set ytics add (sprintf('%g', m * 10.0**e) m * 10.0**e) } }
} else {
    set yrange [0:STATS_max_y * 1.12]
}
shift(i) = (i - (blocks - 1) / 2.0) * 0.07
plot for [i = 0:blocks - 1] $data index i using ($1 + shift(i)):5 with lines lt i + 1 dt 3 lw 1 notitle, \
    for [i = 0:blocks - 1] $data index i using ($1 + shift(i)):(bar($2, $3)):3:4 with yerrorbars lt i + 1 ps 0 \
        notitle, \
    for [i = 0:blocks - 1] $data index i using ($1 + shift(i)):2 with points lt i + 1 title columnheader(1)
