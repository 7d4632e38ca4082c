#!/bin/sh
# Nautilus passes the names of the selected files, relative to the folder it shows, which is the
# current one here. A name may begin with a dash.
exec ddrm-restore open -- "$@"
