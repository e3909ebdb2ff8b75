import type { FinalFault, ScriptedRequest } from './faults.js';
import { JSON_TYPE } from './http.js';

/** A fault that ends a request, in short: JSON, any text, an error, a reset of the connection, or no answer, ever. */
export type Reply =
  | { readonly json: unknown }
  | { readonly text: string; readonly status: number; readonly contentType?: string }
  | { readonly error: string; readonly message?: string; readonly status?: number; readonly query?: string }
  | 'reset'
  | 'hang';

/** Holds the scripted answers that replace actions. */
export class Replies {
  private readonly byAction = new Map<string, (request: ScriptedRequest) => Reply>();

  on(action: string, reply: Reply | ((request: ScriptedRequest) => Reply)): void {
    this.byAction.set(action, typeof reply === 'function' ? reply : () => reply);
  }

  /** Undefined when the action is to be carried out. */
  to(request: ScriptedRequest): FinalFault | undefined {
    const reply = this.byAction.get(request.action)?.(request);
    return reply === undefined ? undefined : faultOf(reply);
  }
}

function faultOf(reply: Reply): FinalFault {
  if (reply === 'reset' || reply === 'hang') return { kind: reply };
  if ('json' in reply) return { kind: 'json', ...reply };
  if ('text' in reply) return { kind: 'text', contentType: JSON_TYPE, ...reply };
  return { kind: 'error', ...reply };
}
