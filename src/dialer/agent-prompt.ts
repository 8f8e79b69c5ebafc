import type { PlaybackId, SoundName } from '../units/ids.js';
import type { DialerContext } from './dialer-context.js';
import type { Agent } from './dialer-state.js';

/** Sounds by which an agent learns what his keys or the end of a talk have done. */

/**
 * Tells a seated agent something by a sound. A whisper is mixed into what he
 * hears already, and alone in his bridge he hears nothing that it could be
 * mixed into: then the sound is played on his line itself.
 */
export function prompt(ctx: DialerContext, agent: Agent, sound: SoundName): void {
  const line = agent.line;
  if (line === undefined) return;
  const isWithContact = agent.state === 'reserved' || agent.state === 'on-call';
  if (isWithContact) ctx.play(line.callId, [sound], 'whisper');
  else line.promptIds.add(ctx.play(line.callId, [sound], 'replace'));
}

/** Cuts the prompts that would keep the agent's line out of his bridge when a contact comes. */
export function cutPrompts(ctx: DialerContext, agent: Agent): void {
  const line = agent.line;
  if (line === undefined) return;
  for (const playbackId of line.promptIds) ctx.order({ type: 'stop-playing', playbackId });
  line.promptIds.clear();
}

/** A prompt is over: there is nothing to cut any more. */
export function promptEnded(agent: Agent, playbackId: PlaybackId): void {
  agent.line?.promptIds.delete(playbackId);
}
