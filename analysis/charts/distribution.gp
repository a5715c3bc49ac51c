# panels: distribution
# What share of the blocks, or runs, took at most so long. Two steps are two states of the machine.
stats $data using 1 nooutput
blocks = STATS_blocks
eval(y_unit('share'))
set format y '%g%%'
set yrange [0:104]
margin = (STATS_max - STATS_min) * 0.05 + STATS_max * 0.005
if (log) {
    set xlabel unit.'; logarithmic'
    eval(log_axis('x', STATS_min / 1.2, STATS_max * 1.2))
} else {
    set xlabel unit.'; linear'
    set xrange [STATS_min - margin:STATS_max + margin]
    set xtics step((STATS_max - STATS_min) / 4 + STATS_max * 0.002)
}
plot for [i = 0:blocks - 1] $data index i using 1:2 with linespoints lt i + 1 pointinterval 10 \
    title columnheader(1)
