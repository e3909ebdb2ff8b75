/** A question that a program of the benchmark answers with numbers. */
export interface Bench<S extends Setting = Setting> {
  /** Name of the npm script behind `bench:`, for example `emit`. */
  readonly name: string;
  readonly title: string;
  /** Heads the column of the candidates. */
  readonly subject: string;
  /** Samples of each candidate unless `--rounds` says otherwise. */
  readonly rounds: number;
  /** True if all candidates are sampled at the same time: those that only wait. */
  readonly together?: boolean;
  /** False if no candidate needs a run before the samples. Default true. */
  readonly warmUp?: boolean;
  /**
   * Part of the events of a sample that a candidate carries uncounted before its samples of a round,
   * beside the one run of `warmUp`. V8 drops the compiled code of a process that waits while the others
   * take their turns. Default 0.
   */
  readonly warmUpShare?: number;
  readonly settings: readonly S[];
  readonly quantities: readonly Quantity[];
  readonly candidates: readonly Candidate<S>[];
  /** Candidate that all figures refer to, or for each candidate the one that its figures refer to. */
  readonly baseline: string | Readonly<Record<string, string>>;
  readonly demands: readonly Demand[];
  /** Packages whose versions the header shows, beside those of the candidates. */
  readonly packages?: readonly string[];
}

/** Circumstances of a sample, for example a latency. */
export interface Setting {
  /** Unique within the benchmark, for example `8 ms`. */
  readonly name: string;
}

/** A kind of figure. */
export interface Quantity {
  /** Key in {@link Values}. */
  readonly key: string;
  /** Heads the column, for example `events / s`. */
  readonly head: string;
  readonly unit: string;
  /** Digits behind the decimal point in tables. */
  readonly digits: number;
  readonly better: 'higher' | 'lower';
  /** True if the table shows the least and the largest sample. */
  readonly spread?: boolean;
  /** True if the chart shows this quantity. */
  readonly chart?: boolean;
}

/** Figures of one sample, by the keys of quantities. A figure that makes no sense is left out. */
export type Values = Readonly<Record<string, number | undefined>>;

/** One of the ways that the benchmark compares. */
export interface Candidate<S extends Setting = Setting> {
  /** Unique within the benchmark. */
  readonly name: string;
  /** True if a setting makes sense here. By default each does. */
  readonly takes?: (setting: S) => boolean;
  /** Explains why this candidate cannot run here. Undefined if it can. */
  readonly missing?: string | undefined;
  /** Names and versions of the packages that this candidate alone uses. */
  readonly versions?: readonly string[];
  start(): Promise<Running<S>>;
}

/** A started candidate. */
export interface Running<S extends Setting = Setting> {
  /**
   * Takes a sample.
   *
   * @param share part of the full number of events, so that smoke runs are short
   */
  measure(setting: S, share: number): Promise<Values>;
  stop(): Promise<void>;
}

/** Compares the median of a candidate with a bound, or with the median of another candidate. */
export interface Demand {
  readonly of: string;
  /** Candidate to compare with. Without it the bound concerns the median itself. */
  readonly than?: string;
  /** Key of the quantity. */
  readonly quantity: string;
  /** Names of the settings. By default those of the benchmark that both candidates take. */
  readonly settings?: readonly string[];
  /** Least value. With `than`: how many times as good as that candidate. */
  readonly atLeast?: number;
  /** Largest value. With `than`: the largest share of that candidate's median. */
  readonly atMost?: number;
  /** Beside `atLeast`: below this ratio the demand is missed by far. */
  readonly floor?: number;
  /** Beside `than`: a value that is good enough, whatever the ratio. */
  readonly orValue?: number;
}
