import type { AgentBoard } from '../../api/contract.js';

/** States of an agent as people say them. */
export const AGENT_LABELS: Readonly<Record<AgentBoard['state'], string>> = {
  available: 'Available',
  reserved: 'Connecting',
  'on-call': 'On call',
  'wrap-up': 'Wrap-up',
  paused: 'Paused',
  'logging-in': 'Logging in',
  offline: 'Offline',
};
