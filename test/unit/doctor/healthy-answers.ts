/**
 * What a FreeSWITCH 1.10.12 with exactly the files of freeswitch-conf/ answers,
 * as it was recorded; empty lines are left out.
 */
export const HEALTHY_ANSWERS: Readonly<Record<string, string>> = {
  version: 'FreeSWITCH Version 1.10.12-release~64bit ( 64bit)\n',
  status: 'UP 0 years, 0 days, 0 hours, 7 minutes, 1 second, 407 milliseconds, 214 microseconds\nFreeSWITCH (Version 1.10.12-release  64bit) is ready\n0 session(s) since startup\n',
  get strepoch() {
    return String(Math.floor(Date.now() / 1000));
  },
  ...Object.fromEntries(
    ['mod_event_socket', 'mod_commands', 'mod_dptools', 'mod_sofia', 'mod_conference', 'mod_sndfile', 'mod_tone_stream', 'mod_local_stream', 'mod_dialplan_xml'].map((name) => [
      `module_exists ${name}`,
      'true',
    ]),
  ),
  'module_exists mod_avmd': 'false',
  'fsctl sps': '+OK sessions per second: 200\n',
  'fsctl max_sessions': '+OK max sessions: 5000\n',
  'global_getvar domain': 'outdial',
  'user_exists id 1001 outdial': 'true',
  'user_exists id 1002 outdial': 'true',
  'user_data 1001@outdial var user_context': '-ERR no reply\n',
  'user_data 1002@outdial var user_context': '-ERR no reply\n',
  'xml_locate configuration configuration name switch.conf': `<configuration name="switch.conf">
        <settings>
            <param name="loglevel" value="warning"></param>
            <param name="colorize-console" value="false"></param>
      <param name="sessions-per-second" value="200"></param>
      <param name="max-sessions" value="5000"></param>
      <param name="rtp-start-port" value="10000"></param>
      <param name="rtp-end-port" value="19999"></param>
      <param name="rtp-port-usage-robustness" value="true"></param>
      <param name="multiple-registrations" value="false"></param>
      </settings>
    </configuration>
`,
  'xml_locate configuration configuration name conference.conf': `<configuration name="conference.conf">
        <profiles>
      <profile name="outdial">
          <param name="rate" value="8000"></param>
          <param name="interval" value="20"></param>
          <param name="timer-name" value="soft"></param>
          <param name="energy-level" value="0"></param>
          <param name="conference-flags" value="audio-always"></param>
          <param name="caller-controls" value="none"></param>
          <param name="moderator-controls" value="none"></param>
          <param name="comfort-noise" value="false"></param>
          <param name="verbose-events" value="false"></param>
          <param name="suppress-events" value="start-talking,stop-talking"></param>
  </profile>
      </profiles>
    </configuration>
`,
  'xml_locate dialplan context name outdial-trunk': `<context name="outdial-trunk">
      <extension name="outdial-inbound">
          <condition field="destination_number" expression="^(\\+?[0-9]+)$">
              <action application="set" data="outdial_app=outdial"></action>
              <action application="set" data="outdial_request=inbound:$1"></action>
              <action application="set" data="playback_terminators=none"></action>
              <action application="set" data="media_timeout=60000"></action>
              <action application="set" data="media_hold_timeout=600000"></action>
              <action application="set" data="send_silence_when_idle=-1"></action>
              <action application="park"></action>
      </condition>
    </extension>
  </context>
`,
  'xml_locate dialplan context name outdial-phones': `<context name="outdial-phones">
      <extension name="outdial-phone" continue="true">
          <condition field="destination_number" expression="^.+$">
              <action application="set" data="outdial_app=outdial"></action>
              <action application="set" data="outdial_phone=\${sip_auth_username}"></action>
              <action application="set" data="playback_terminators=none"></action>
              <action application="set" data="media_timeout=10000"></action>
              <action application="set" data="media_hold_timeout=60000"></action>
              <action application="set" data="send_silence_when_idle=-1"></action>
      </condition>
    </extension>
      <extension name="outdial-log-in">
          <condition field="destination_number" expression="^\\*50$">
              <action application="set" data="outdial_request=feature:log-in"></action>
              <action application="park"></action>
      </condition>
    </extension>
  </context>
`,
  'xml_locate configuration configuration name sofia.conf': `<configuration name="sofia.conf">
        <global_settings>
            <param name="log-level" value="0"></param>
      </global_settings>
        <profiles>
      <profile name="outdial-phones">
  </profile>
      <profile name="outdial-trunk">
          <gateways>
          <gateway name="trunk">
            <param name="caller-id-in-from" value="true"></param>
            <param name="ping" value="15"></param>
            <param name="ping-max" value="1"></param>
            <param name="ping-min" value="1"></param>
            <variables>
                <variable name="media_timeout" value="60000" direction="outbound"></variable>
                <variable name="media_hold_timeout" value="600000" direction="outbound"></variable>
                <variable name="send_silence_when_idle" value="-1" direction="outbound"></variable>
                <variable name="playback_terminators" value="none" direction="outbound"></variable>
  </variables>
              <param name="proxy" value="192.0.2.10:5060"></param>
              <param name="register" value="false"></param>
  </gateway>
    </gateways>
  </profile>
      </profiles>
    </configuration>
`,
  'sofia xmlstatus gateway trunk': `<?xml version="1.0" encoding="ISO-8859-1"?>
  <gateway>
    <name>trunk</name>
    <profile>outdial-trunk</profile>
    <scheme>Digest</scheme>
    <realm>192.0.2.10:5060</realm>
    <username>FreeSWITCH</username>
    <password>no</password>
    <from>&lt;sip:FreeSWITCH@192.0.2.10:5060&gt;</from>
    <contact>&lt;sip:gw+trunk@198.51.100.5:5080;transport=udp;gw=trunk&gt;</contact>
    <exten>FreeSWITCH</exten>
    <to>sip:FreeSWITCH@192.0.2.10:5060</to>
    <proxy>sip:192.0.2.10:5060</proxy>
    <context>outdial-trunk</context>
    <expires>3600</expires>
    <freq>3600</freq>
    <ping>1795619682</ping>
    <pingfreq>15</pingfreq>
    <pingmin>1</pingmin>
    <pingcount>0</pingcount>
    <pingmax>1</pingmax>
    <pingtime>1.16</pingtime>
    <pinging>0</pinging>
    <state>NOREG</state>
    <status>UP</status>
    <uptime-usec>0</uptime-usec>
    <calls-in>0</calls-in>
    <calls-out>0</calls-out>
    <failed-calls-in>0</failed-calls-in>
    <failed-calls-out>0</failed-calls-out>
  </gateway>
`,
  'show registrations as json': JSON.stringify({
    row_count: 2,
    rows: ['1001', '1002'].map((user) => ({ reg_user: user, realm: 'outdial', url: `sofia/outdial-phones/sip:${user}@198.51.100.21:5060`, expires: '1795619163', network_ip: '198.51.100.21' })),
  }),
};
