/** What a benchmark measures. */
export interface Subject {
  readonly databaseUrl: string;
  readonly organizationId: string;
  /** Origin of the gateway. */
  readonly url: string;
  readonly apiKey: string;
  readonly pid: number;
}
