import { useEffect } from 'react';

/** What stands on the page and is stored nowhere yet, one mark each. */
const marks = new Set<symbol>();

export const isAnythingUnsaved = (): boolean => marks.size > 0;

/** That something was begun here, which must not be lost because a session ends, nor left without a question. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const mark = Symbol('unsaved');
    marks.add(mark);
    return () => {
      marks.delete(mark);
    };
  }, [isUnsaved]);
}

/** @returns whether whoever is asked would lose it */
export const mayBeLost = (): boolean => window.confirm('Há mudanças que não foram salvas. Sair sem salvar?');
