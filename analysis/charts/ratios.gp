# panels: ratios
# Block by block, in the order of time. A step that all programs make at once is the machine's.
stats $data using 2 nooutput
blocks = STATS_blocks
margin = (STATS_max - STATS_min) * 0.05 + 0.002
eval(y_unit('ratio to a'))
set xlabel 'block'
set yrange [STATS_min - margin:STATS_max + margin]
set arrow from graph 0, first 1 to graph 1, first 1 nohead lw 1 lc rgb 'gray'
plot for [i = 0:blocks - 1] $data index i using 1:2 with points lt i + 2 title columnheader(1)
