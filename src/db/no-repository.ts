import { type Sql, verbatim } from './sql.ts';

/** Stands for no repository in keys. */
export const noRepositoryId = '00000000-0000-0000-0000-000000000000';

/** The same, in statements. */
export const noRepository: Sql = verbatim(`'${noRepositoryId}'::uuid`);
