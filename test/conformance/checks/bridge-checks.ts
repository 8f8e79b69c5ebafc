import type { SwitchCheck } from '../switch-harness.js';
import { bridgedCall, endCount, freshBridge, hangUp, indexOf, must, order, phoneCall, seen } from '../check-tools.js';

/** Joining and parting calls. */
export const bridgeChecks: readonly SwitchCheck[] = [
  {
    name: 'a call goes into a bridge and out of it, and stays up',
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      await order(line, { type: 'unbridge', callId: call });
      await seen(line, 'call-unbridged', (event) => event.callId === call && event.bridgeId === bridge);
      must(endCount(line, call) === 0, 'The call ended of it.');
      await hangUp(line, call);
    },
  },
  {
    name: 'opening a bridge twice is harmless',
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      await order(line, { type: 'open-bridge', bridgeId: bridge });
      const left = line.events.some((event) => event.type === 'call-unbridged' && event.callId === call);
      must(!left, 'The call left its bridge when the bridge was opened again.');
      await hangUp(line, call);
    },
  },
  {
    name: 'one bridge command moves a call from one bridge to another',
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      const second = freshBridge();
      await order(line, { type: 'open-bridge', bridgeId: second });
      await order(line, { type: 'bridge', bridgeId: second, callId: call });
      await seen(line, 'call-bridged', (event) => event.callId === call && event.bridgeId === second);
      const out = indexOf(line, 'call-unbridged', (event) => event.type === 'call-unbridged' && event.bridgeId === bridge);
      const into = indexOf(line, 'call-bridged', (event) => event.type === 'call-bridged' && event.bridgeId === second);
      must(out < into, 'The call was told to be in both bridges at one time.');
      await hangUp(line, call);
    },
  },
  {
    name: 'contact and agent meet in one bridge, and the end of one leaves the other up',
    run: async (line) => {
      const agent = await phoneCall(line);
      const { call, bridge } = await bridgedCall(line);
      await order(line, { type: 'bridge', bridgeId: bridge, callId: agent });
      await seen(line, 'call-bridged', (event) => event.callId === agent && event.bridgeId === bridge);
      await hangUp(line, call);
      must(endCount(line, agent) === 0, "The agent's line ended with the contact's call.");
      await hangUp(line, agent);
    },
  },
  {
    name: 'a call that ends leaves its bridge',
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      await hangUp(line, call);
      await seen(line, 'call-unbridged', (event) => event.callId === call && event.bridgeId === bridge);
    },
  },
  {
    name: 'closing a bridge keeps its calls',
    run: async (line) => {
      const { call, bridge } = await bridgedCall(line);
      await order(line, { type: 'close-bridge', bridgeId: bridge });
      await seen(line, 'call-unbridged', (event) => event.callId === call && event.bridgeId === bridge);
      must(endCount(line, call) === 0, 'The call ended with its bridge.');
      await hangUp(line, call);
    },
  },
];
