/** The library has no types of its own. */
declare module 'env-ci' {
  interface EnvCi {
    readonly isCi: boolean;
    readonly service?: string;
    readonly name?: string;
    readonly commit?: string;
    readonly build?: string;
    readonly buildUrl?: string;
    readonly jobUrl?: string;
    readonly job?: string;
    readonly branch?: string;
    readonly prBranch?: string;
    readonly pr?: string | number;
    readonly slug?: string;
  }
  function envCi(options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cwd: string;
  }): EnvCi;
  export { envCi as default };
}
