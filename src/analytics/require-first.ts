import { ValidationError } from '../errors.ts';
import { defaultPageSize, maxPageSize } from './page-request.ts';

/**
 * Gives the page size of a list that is only read forward.
 *
 * @throws {ValidationError} for a size below 0 or above 100
 */
export function requireFirst(first: number | null | undefined): number {
  const size = first ?? defaultPageSize;
  if (size >= 0 && size <= maxPageSize) return size;
  const message = `must be from 0 to ${String(maxPageSize)}, not ${String(size)}`;
  throw new ValidationError([{ path: ['first'], message }]);
}
