import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { HAND_OVER_FEATURES, HandOver } from './hand-over.js';
import { runContract } from './run-contract.js';

runContract('a carrier without storage', { features: HAND_OVER_FEATURES, stores: false }, () => {
  const clock = new VirtualClock();
  return { open: async () => new HandOver(clock), advance: (ms) => clock.advance(ms) };
});
