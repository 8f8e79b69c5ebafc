# The PBX: Debian's Asterisk with exactly the files of dialplan/.
FROM debian:forky-slim
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && apt-get install -y --no-install-recommends asterisk asterisk-core-sounds-en-wav asterisk-moh-opsound-wav \
 && rm -rf /var/lib/apt/lists/* /etc/asterisk/*
COPY docker/asterisk/ /etc/asterisk/
COPY dialplan/ /etc/asterisk/outdial/
COPY sounds/ /usr/share/asterisk/sounds/outdial/
# The site's own files are mounted here: addresses, trunk, phones, passwords.
VOLUME /etc/asterisk/outdial-site
ENTRYPOINT ["/usr/sbin/asterisk"]
CMD ["-f"]
