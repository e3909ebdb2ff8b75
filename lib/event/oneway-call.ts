/** A oneway call as data: what the codec yields and what a handler gets. */
export interface OnewayCall {
  /** The service of the IDL that declares the method. Always set on decoded calls. */
  readonly service?: string;
  readonly method: string;
  /** The arguments by parameter name. */
  readonly args: Readonly<Record<string, unknown>>;
}
