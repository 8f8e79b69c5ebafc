import { soundName } from '../../../src/units/ids.js';
import type { SwitchCheck } from '../switch-harness.js';
import {
  answeredCall,
  ask,
  bridgedCall,
  freshBridge,
  freshPath,
  freshPlayback,
  hangUp,
  must,
  ofType,
  order,
  orderInVain,
  phoneCall,
  seen,
  SETTLE_MS,
} from '../check-tools.js';
import { parseWavHeader } from '../wav-header.js';

/** Playing, recording and tapping. */
export const mediaChecks: readonly SwitchCheck[] = [
  {
    name: 'sounds that replace are played in turn and finish once as played',
    run: async (line) => {
      const call = await answeredCall(line);
      const playback = freshPlayback();
      const { short } = line.bench.sounds;
      await order(line, { type: 'play', playbackId: playback, callId: call, sounds: [short, short], mixing: 'replace' });
      const finished = await seen(line, 'playback-finished', (event) => event.playbackId === playback);
      must(finished.outcome === 'played', `The playback finished as ${finished.outcome}.`);
      must(finished.callId === call, 'The playback finished for another call.');
      await line.bench.pass(SETTLE_MS);
      const finishes = ofType(line, 'playback-finished').filter((event) => event.playbackId === playback);
      must(finishes.length === 1, 'The playback did not finish exactly once.');
      await hangUp(line, call);
    },
  },
  {
    name: 'a playback that is stopped finishes once as stopped',
    run: async (line) => {
      const call = await answeredCall(line);
      const playback = freshPlayback();
      const { long } = line.bench.sounds;
      await order(line, { type: 'play', playbackId: playback, callId: call, sounds: [long], mixing: 'replace' });
      await order(line, { type: 'stop-playing', playbackId: playback });
      const finished = await seen(line, 'playback-finished', (event) => event.playbackId === playback);
      must(finished.outcome === 'stopped', `The playback finished as ${finished.outcome}.`);
      await hangUp(line, call);
    },
  },
  {
    name: 'a second playback waits for the first, and one that waits can be taken back',
    run: async (line) => {
      const call = await answeredCall(line);
      const [first, second, third] = [freshPlayback(), freshPlayback(), freshPlayback()];
      const { short, long } = line.bench.sounds;
      await order(line, { type: 'play', playbackId: first, callId: call, sounds: [short], mixing: 'replace' });
      await order(line, { type: 'play', playbackId: second, callId: call, sounds: [long], mixing: 'replace' });
      await order(line, { type: 'play', playbackId: third, callId: call, sounds: [short], mixing: 'replace' });
      await order(line, { type: 'stop-playing', playbackId: second });
      await seen(line, 'playback-finished', (event) => event.playbackId === third);
      const outcomes = new Map(ofType(line, 'playback-finished').map((event) => [event.playbackId, event.outcome]));
      must(outcomes.get(first) === 'played', `The first finished as ${String(outcomes.get(first))}.`);
      must(outcomes.get(second) === 'stopped', `The second finished as ${String(outcomes.get(second))}.`);
      must(outcomes.get(third) === 'played', `The third finished as ${String(outcomes.get(third))}.`);
      await hangUp(line, call);
    },
  },
  {
    name: 'a playback that outlives its call does not finish as played',
    run: async (line) => {
      const call = await answeredCall(line);
      const playback = freshPlayback();
      const { long } = line.bench.sounds;
      await order(line, { type: 'play', playbackId: playback, callId: call, sounds: [long], mixing: 'replace' });
      await hangUp(line, call);
      const finished = await seen(line, 'playback-finished', (event) => event.playbackId === playback);
      must(finished.outcome !== 'played', 'A playback that was cut short finished as played.');
    },
  },
  {
    name: 'a sound that does not exist finishes as failed',
    run: async (line) => {
      const call = await answeredCall(line);
      const playback = freshPlayback();
      const sounds = [soundName('no-such-sound-anywhere')];
      const reply = await ask(line, { type: 'play', playbackId: playback, callId: call, sounds, mixing: 'replace' });
      if (reply.type === 'command-done') {
        const finished = await seen(line, 'playback-finished', (event) => event.playbackId === playback);
        must(finished.outcome === 'failed', `The playback finished as ${finished.outcome}.`);
      } else {
        must(reply.failure === 'refused', `It failed with ${reply.failure}.`);
      }
      await hangUp(line, call);
    },
  },
  {
    name: 'a whisper is played to one side of a conversation and the conversation goes on',
    skip: (_bench, backend) => (backend.capabilities.hasWhisper ? undefined : 'The backend cannot whisper.'),
    run: async (line) => {
      const agent = await phoneCall(line);
      const { call, bridge } = await bridgedCall(line);
      await order(line, { type: 'bridge', bridgeId: bridge, callId: agent });
      const playback = freshPlayback();
      const { short } = line.bench.sounds;
      await order(line, { type: 'play', playbackId: playback, callId: agent, sounds: [short], mixing: 'whisper' });
      const finished = await seen(line, 'playback-finished', (event) => event.playbackId === playback);
      must(finished.outcome === 'played', `The whisper finished as ${finished.outcome}.`);
      must(ofType(line, 'call-unbridged').length === 0, 'The whisper parted the conversation.');
      await hangUp(line, call);
      await hangUp(line, agent);
    },
  },
  {
    name: 'a recording that is stopped becomes a readable WAV file of about that length',
    run: async (line) => {
      const call = await answeredCall(line);
      const path = freshPath();
      await order(line, { type: 'start-recording', callId: call, path });
      await line.bench.pass(2_000);
      await order(line, { type: 'stop-recording', callId: call });
      const finished = await seen(line, 'recording-finished', (event) => event.path === path);
      must(finished.outcome === 'recorded' && finished.callId === call, `It finished as ${finished.outcome}.`);
      must(Math.abs(finished.audioMs - 2_000) < 1_000, `It says ${String(finished.audioMs)} ms, not about 2000.`);
      const file = await line.bench.readRecording(path);
      must(file !== undefined, 'recording-finished came, and the file is not there.');
      const header = parseWavHeader(file);
      const channelCount = line.switch.capabilities.hasStereoRecording ? 2 : 1;
      must(header.channelCount === channelCount, `It has ${String(header.channelCount)} channels.`);
      must(Math.abs(header.audioMs - finished.audioMs) < 200, `The file holds ${String(header.audioMs)} ms.`);
      await hangUp(line, call);
    },
  },
  {
    name: 'a recording finishes with its call',
    run: async (line) => {
      const call = await answeredCall(line);
      const path = freshPath();
      await order(line, { type: 'start-recording', callId: call, path });
      await line.bench.pass(1_000);
      await hangUp(line, call);
      const finished = await seen(line, 'recording-finished', (event) => event.path === path);
      must(finished.outcome === 'recorded', `It finished as ${finished.outcome}.`);
      must((await line.bench.readRecording(path)) !== undefined, 'The file is not there.');
    },
  },
  {
    name: 'a call is bridged tapped where it can be heard there, stays when it is untapped, and is refused as unsupported where it cannot',
    run: async (line) => {
      const call = await answeredCall(line);
      const bridge = freshBridge();
      await order(line, { type: 'open-bridge', bridgeId: bridge });
      const command = { type: 'bridge', bridgeId: bridge, callId: call, isTapped: true } as const;
      if (line.switch.capabilities.hasTapWhileBridged) {
        await order(line, command);
        await seen(line, 'call-bridged', (event) => event.callId === call && event.bridgeId === bridge);
        await order(line, { type: 'untap', callId: call });
        must(ofType(line, 'call-unbridged').length === 0, 'Untapping took it out of its bridge.');
        await orderInVain(line, { type: 'untap', callId: call }, 'gone');
      } else await orderInVain(line, command, 'unsupported');
      await hangUp(line, call);
      must(ofType(line, 'tap-lost').length === 0, 'A tap was told as lost.');
    },
  },
  {
    name: 'a tap is taken where call audio reaches the process, and is unsupported where not',
    run: async (line) => {
      const call = await answeredCall(line);
      const reply = await ask(line, { type: 'tap', callId: call });
      if (line.switch.capabilities.hasAudioTap) {
        must(reply.type === 'command-done', 'The tap was not done.');
        await order(line, { type: 'untap', callId: call });
      } else {
        must(reply.type === 'command-failed' && reply.failure === 'unsupported', 'The tap was not unsupported.');
      }
      await hangUp(line, call);
    },
  },
];
