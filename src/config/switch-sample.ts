/** What the sample's `switch` section is filled with. */
export type SwitchSampleValues =
  | {
      readonly kind: 'asterisk';
      readonly ariPassword: string;
      readonly amiPassword: string;
      /** A folder that exists on the machine the sample is written for. */
      readonly recordingsFolder: string;
    }
  | { readonly kind: 'freeswitch'; readonly eslPassword: string; readonly recordingsFolder: string };

/** The `switch` section of the sample, each key explained; ends in a line break. */
export function switchSample(values: SwitchSampleValues): string {
  return values.kind === 'asterisk' ? asteriskSample(values) : freeswitchSample(values);
}

function asteriskSample({ ariPassword, amiPassword, recordingsFolder }: Extract<SwitchSampleValues, { kind: 'asterisk' }>): string {
  return `# Your Asterisk, set up with the files of dialplan/ (see docs/operating.md).
switch:
  #kind: asterisk
  ari:
    # bindaddr and bindport of http.conf.
    url: http://127.0.0.1:8088
    # The user of ari.conf.
    user: outdial
    password: ${ariPassword}
    # The Stasis application that extensions-outdial.conf hands calls to.
    #app: outdial
  ami:
    host: 127.0.0.1
    port: 5038
    # The user of manager.conf.
    user: outdial
    password: ${amiPassword}
  # auto: commands go over the events WebSocket where the switch offers it
  # (20.15, 21.10, 22.5 and later), over HTTP elsewhere. Or: websocket, http.
  #transport: auto
  # Folder below the switch's sounds folder that holds this project's sounds.
  # Sounds named in this file are looked for there.
  #soundsPrefix: outdial
  # Where this machine finds the switch's recordings. When the switch runs on
  # another machine, share its folder and name it here as it is mounted.
  recordingsFolder: ${recordingsFolder}
  # The same folder as the switch names it, where that differs.
  #recordingsFolderOnSwitch: /var/spool/asterisk/recording
`;
}

function freeswitchSample({ eslPassword, recordingsFolder }: Extract<SwitchSampleValues, { kind: 'freeswitch' }>): string {
  return `# Your FreeSWITCH, set up with the files of freeswitch-conf/.
switch:
  kind: freeswitch
  # The event socket: listen-ip, listen-port and password of event_socket.conf.
  esl:
    host: 127.0.0.1
    port: 8021
    password: ${eslPassword}
  # Folder of this project's sounds, as the switch names it. Sounds named in
  # this file are looked for there.
  #soundsFolder: /usr/share/freeswitch/sounds/outdial
  # Where this machine finds the switch's recordings. When the switch runs on
  # another machine, share its folder and name it here as it is mounted.
  recordingsFolder: ${recordingsFolder}
  # The same folder as the switch names it, where that differs.
  #recordingsFolderOnSwitch: /var/lib/freeswitch/recordings
  # UDP ports on the switch for call audio to and from this service, one a call
  # that is listened to. Keep them out of the switch's RTP ports.
  #audioPorts: 27000-27999
  # Address of the switch that these ports are bound on; default: esl.host.
  #audioHost: 127.0.0.1
  # Profile of conference.conf in which agents sit.
  #conferenceProfile: outdial
  # What people on hold hear.
  #holdingMusic: local_stream://outdial-hold
`;
}
