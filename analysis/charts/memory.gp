# panels: memory
# What each map takes after the load, and emptied. The axis is logarithmic, since what waits to be freed can be a
# hundred times the keys; so there are points with a line between them and no bars, which would begin at zero.
set xlabel 'KiB, logarithmic'
eval(log_axis('x', least / 1.4, most * 1.4))
set format x '%g'
set yrange [rows - 0.4:-0.6]
set lmargin is_text ? 20 : 17
set bmargin 3.5
set errorbars 0
if (is_text) { unset grid } else { set key at screen 0.5, screen 0.99 center top horizontal maxcols 8; set tmargin is_page ? 2 : 4 }
plot $data using 2:1:2:3 with xerrorbars lt 8 lw 1 ps 0 notitle, \
    '' using 2:1 with points lt 1 pt 6 ps 1.3 title 'after the load', \
    '' using 3:1 with points lt 2 title 'all keys deleted'
