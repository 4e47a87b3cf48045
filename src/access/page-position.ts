import { z } from 'zod';

/** Where a page of rows ended: PostgreSQL's own text of an instant, to the microsecond, and the id that breaks ties. */
export const timeAndId = z.tuple([
  z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/),
  z.uuid(),
]);
