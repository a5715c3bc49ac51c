# panels: scaling
# What all threads do together, against how many there are, or clients. Both axes are logarithmic where the numbers spread, so a
# strategy that scales is a line of 45 degrees there.
stats $data using 1 nooutput
blocks = STATS_blocks
set xlabel unit
if (many > few) { set logscale x 2 }
set xrange [few / 1.08:many * 1.08]
eval(y_unit('million ops a second'))
if (log) { eval(log_axis('y', least / 1.3, most * 1.3)) } else { set yrange [0:most * 1.15] }
plot for [i = 0:blocks - 1] $data index i using 1:(bar($2, $3)):3:4 with yerrorbars lt i + 1 ps 0 notitle, \
    for [i = 0:blocks - 1] $data index i using 1:2 with linespoints lt i + 1 dt i / 8 + 1 title columnheader(1)
