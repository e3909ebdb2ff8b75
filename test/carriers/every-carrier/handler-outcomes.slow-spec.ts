import { handlerOutcomes } from './handler-outcomes.js';
import { KESTREL } from './starling-carrier.js';

handlerOutcomes([KESTREL]);
