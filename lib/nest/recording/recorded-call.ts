import type { UntypedMethods } from '../../idl/typed-service.js';
import type { SendOptions } from '../../publish/outgoing-message.js';

/**
 * Describes a call that a {@link RecordingClient} recorded. With `Methods` the type is a union over
 * the methods, so a comparison of `method` gives `args` its type.
 *
 * @publicApi
 */
export type RecordedCall<Methods extends object = UntypedMethods> = {
  readonly [Method in keyof Methods]: {
    /** Names the service of the IDL that declares the method. */
    readonly service: string;
    readonly method: Method & string;
    /** Holds the arguments as a handler would get them: encoded and decoded by the real codec. */
    readonly args: RecordedArgs<Methods, Method>;
    /** Holds the options of the call, completed by the routing in the IDL. */
    readonly options: SendOptions;
  };
}[keyof Methods];

/**
 * Gives the arguments of a method as a handler gets them.
 *
 * @publicApi
 */
export type RecordedArgs<Methods extends object, Method extends keyof Methods> = Methods[Method] extends {
  readonly handle: infer Args;
}
  ? Args
  : never;
