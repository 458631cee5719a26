#!/bin/sh
# Stands on the lab's machines in place of systemctl, so that installation steps run there as they are written.
exec "@node@" "@lab@/systemctl.mjs" "$@"
