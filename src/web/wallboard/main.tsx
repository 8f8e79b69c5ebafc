import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { WallboardPage } from './wallboard-page.js';
import './wallboard.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element #root.');

const feedUrl = new URL('./api/v1/feed', document.baseURI);
feedUrl.protocol = feedUrl.protocol === 'https:' ? 'wss:' : 'ws:';

createRoot(root).render(
  <StrictMode>
    <WallboardPage feedUrl={feedUrl.href} />
  </StrictMode>,
);
