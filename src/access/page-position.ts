import { z } from 'zod';
import { cursorInstant } from '../platform';

/** Where a page of rows ended, and the id that breaks ties. */
export const timeAndId = z.tuple([cursorInstant, z.uuid()]);
