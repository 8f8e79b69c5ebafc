import type { ReactNode } from 'react';
import type { AgentBoard } from '../../api/contract.js';

/**
 * Drawings that tell states apart without colour: no two share an outline.
 * They repeat what stands beside them in words and are hidden from readers.
 */
const AGENT_SHAPES: Readonly<Record<AgentBoard['state'], ReactNode>> = {
  available: <circle cx="12" cy="12" r="9" fill="currentColor" />,
  reserved: (
    <>
      <circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" strokeWidth="3" />
      <path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor" />
    </>
  ),
  'on-call': <path d="M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-8l-6 5v-5H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z" fill="currentColor" />,
  'wrap-up': <path d="M3 21l1.5-6L16 3.5a2.5 2.5 0 0 1 3.5 0l1 1a2.5 2.5 0 0 1 0 3.5L9 19.5z" fill="currentColor" />,
  paused: (
    <>
      <rect x="4" y="3" width="6" height="18" rx="1.5" fill="currentColor" />
      <rect x="14" y="3" width="6" height="18" rx="1.5" fill="currentColor" />
    </>
  ),
  'logging-in': <path d="M3 10h10V5l8 7-8 7v-5H3z" fill="currentColor" />,
  offline: (
    <>
      <circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" strokeWidth="2.5" />
      <path d="M6 18L18 6" stroke="currentColor" strokeWidth="2.5" />
    </>
  ),
};

/** The shape of an agent's state. */
export function AgentShape({ state }: { readonly state: AgentBoard['state'] }): ReactNode {
  return <Shape>{AGENT_SHAPES[state]}</Shape>;
}

/** A way to the outside: joined, or cut. */
export function LinkShape({ isUp }: { readonly isUp: boolean }): ReactNode {
  return (
    <Shape>
      {isUp ? (
        <path d="M4 12.5l5.5 5.5L20 6.5" fill="none" stroke="currentColor" strokeWidth="3.5" />
      ) : (
        <path d="M5 5l14 14M19 5L5 19" fill="none" stroke="currentColor" strokeWidth="3.5" />
      )}
    </Shape>
  );
}

/** How bad it is. */
export function SeverityShape({ severity }: { readonly severity: 'well' | 'near' | 'alarm' | 'lost' }): ReactNode {
  switch (severity) {
    case 'well':
      return <LinkShape isUp />;
    case 'near':
    case 'alarm':
      return (
        <Shape>
          <path d="M12 2L23 21H1z" fill="currentColor" />
          <path d="M12 9v6M12 17v2" stroke="var(--shape-mark, #14181f)" strokeWidth="2.5" />
        </Shape>
      );
    case 'lost':
      return (
        <Shape>
          <path d="M12 20h.01M7 15.5a7 7 0 0 1 10 0M3 11a13 13 0 0 1 18 0M3 3l18 18" fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
        </Shape>
      );
  }
}

function Shape({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <svg className="shape" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}
