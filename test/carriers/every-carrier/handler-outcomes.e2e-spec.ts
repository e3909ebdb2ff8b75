import { CARRIERS } from './carriers.js';
import { handlerOutcomes } from './handler-outcomes.js';
import { LAMBDA } from './lambda-carrier.js';
import { KESTREL } from './starling-carrier.js';

// Kestrel, whose open reads delay each retry by a quarter of a second, has the slow lane.
handlerOutcomes([...CARRIERS.filter((carrier) => carrier !== KESTREL), LAMBDA]);
