import type { AriConnection, AriReply } from './ari-connection.js';
import type { LiveCallRecord } from './live-calls.js';

type OnReply = (reply: AriReply<'channels.startMoh' | 'channels.stopMoh'>) => void;

/**
 * Holding music on a call's own channel. The switch lets it go on when the
 * call is put into a bridge, so it is stopped before each move. One thing at a
 * time for each call: `CallTurns` sees to it.
 */
export class HoldingMusic {
  /** The call is in no bridge by now. */
  start(call: LiveCallRecord, connection: AriConnection, onReply: OnReply): void {
    connection.send('channels.startMoh', { channelId: call.callId }, (reply) => {
      if (reply.kind === 'done') call.hold = 'playing';
      onReply(reply);
    });
  }

  /** False when the call is not on hold, as far as anybody knows. */
  stop(call: LiveCallRecord, connection: AriConnection, onReply: OnReply): boolean {
    if (call.hold === 'none') return false;
    call.hold = 'none';
    connection.send('channels.stopMoh', { channelId: call.callId }, onReply);
    return true;
  }

  /** Runs as soon as no music plays to the call any more; what plays is stopped. */
  whenStopped(call: LiveCallRecord, connection: AriConnection, run: () => void): void {
    if (!this.stop(call, connection, run)) run();
  }
}
