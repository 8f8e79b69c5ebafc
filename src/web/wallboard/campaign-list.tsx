import type { ReactNode } from 'react';
import type { CampaignBoard } from '../../api/contract.js';
import { ratioText } from './format.js';

const STATES: Readonly<Record<CampaignBoard['state'], { readonly label: string; readonly sign: string }>> = {
  running: { label: 'Dialling', sign: '▶' },
  idle: { label: 'Idle', sign: '◇' },
  paused: { label: 'Paused', sign: '❚❚' },
  stopped: { label: 'Stopped', sign: '■' },
};

const RANK: Readonly<Record<CampaignBoard['state'], number>> = { running: 0, idle: 0, paused: 1, stopped: 2 };

/** Campaigns and why each dials or does not. */
export function CampaignList({ campaigns }: { readonly campaigns: readonly CampaignBoard[] }): ReactNode {
  const inOrder = [...campaigns].sort((a, b) => RANK[a.state] - RANK[b.state] || a.name.localeCompare(b.name));
  return (
    <section className="panel campaigns" aria-labelledby="campaigns">
      <h2 id="campaigns">
        Campaigns <span className="total">{campaigns.length}</span>
      </h2>
      <ul>
        {inOrder.map((campaign) => (
          <li key={campaign.campaignId} className={`campaign ${campaign.state}`} data-campaign={campaign.campaignId}>
            <p className="campaign-line">
              <span className="campaign-name">{campaign.name}</span>
              <span className="campaign-state">
                <span aria-hidden="true">{STATES[campaign.state].sign}</span> {STATES[campaign.state].label}
              </span>
            </p>
            <p className="campaign-line">
              <span className="campaign-why">{whyText(campaign)}</span>
              <span className="campaign-ratio">{ratioText(campaign.today.abandonRatio)} abandoned</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const whyText = ({ state, hint, pacingReason }: CampaignBoard): string => (state === 'running' ? pacingReason || hint : hint);
