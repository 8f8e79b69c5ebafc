import { holdToSuite } from '../hold-to-suite.js';

await holdToSuite('freeswitch-real');
