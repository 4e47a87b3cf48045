import { createContext, useContext, useEffect } from 'react';

/** Holds the document on the screen as it is. @returns what lets it go */
export type Hold = () => () => void;

export const HoldContext = createContext<Hold>(() => () => undefined);

/**
 * While something is being written that the document does not hold yet, what others save does not come under it: it was
 * begun on this document, by places in it, and is laid beside theirs once it is part of it.
 */
export function useHold(isHeld = true): void {
  const hold = useContext(HoldContext);
  useEffect(() => (isHeld ? hold() : undefined), [hold, isHeld]);
}
