#!/bin/sh
# Installs, on Debian 12, what the training needs (as root, packages of `main` only)
# and trains the speech-activity net. About half an hour on two cores.
#
#   models/train/run.sh                  the net
#   models/train/run.sh answerer CSV     the trees, from figures the service measured
set -eu
cd "$(dirname "$0")"

echo "Installing Debian packages ..."
apt-get -y -q --no-install-recommends install \
  python3-torch python3-onnx python3-sklearn python3-xgboost python3-scipy python3-soundfile ffmpeg \
  flite festival espeak-ng festlex-cmu festlex-ifd festival-czech festival-ca festival-hi festival-mr festival-te \
  festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts festvox-ca-ona-hts \
  festvox-czech-dita festvox-czech-krb festvox-czech-machac festvox-czech-ph \
  festvox-italp16k festvox-itapc16k festvox-suopuhe-lj festvox-suopuhe-mv \
  festvox-ru festvox-hi-nsk festvox-mr-nsk festvox-te-nsk \
  ktuberling-data klettres-data tuxpaint-stamps-default fillets-ng-data fillets-ng-data-cs fillets-ng-data-nl \
  hedgewars-data frozen-bubble-data wesnoth-1.16-music pocketsphinx-testdata alsa-utils

if [ $# -eq 0 ]; then set -- speech-activity; fi
exec nice -n 5 /usr/bin/python3 -B train.py "$@"
