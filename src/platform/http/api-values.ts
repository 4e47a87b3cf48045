import { z } from 'zod';
import { isPlainText } from '../../kernel';
import { pageLimit } from './whole-number';

/* What the bodies, queries and answers of the API are made of. */

export const instant = z.iso.datetime();
export const decimal = z.string().describe('exact decimal');
export const share = z.number().describe('a fraction');
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');

/** What a person writes. */
export const plainText = (max: number) =>
  z.string().trim().min(1).max(max).refine(isPlainText, 'must be plain text');

/** Which page of a list. */
export const pageQuery = {
  limit: pageLimit,
  cursor: z.string().max(700).optional().describe('next_cursor of the page before'),
};

export const pageOfItems = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });
