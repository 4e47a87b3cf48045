import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { tellDone } from '../../parts/notices';
import { useSession } from '../../session/session-provider';
import { mayBeLost, useUnsaved } from '../../session/unsaved';
import { documentOf, type Manuscript } from './document';
import { differences, merge } from './merge';
import type { Hold } from './use-hold';
import { useStored } from './use-stored';
import { useUndo } from './use-undo';

const OVERTAKEN = 412;

function manuscriptOf({ document, lists }: PolicyVersion): Manuscript {
  return { document: documentOf(document), lists };
}

/** What one writes of a version: as it was begun, as it stands now, and how it is saved. */
export function useWork(version: PolicyVersion) {
  const mayChangeStructure = useSession().may('policies.write_structure');
  const queries = useQueryClient();
  // What the screen began with. A newer one on the server replaces it only where nothing was changed or begun here.
  const [{ base, start }, setBegun] = useState(() => ({ base: version, start: manuscriptOf(version) }));
  const history = useUndo(start);
  const [holds, setHolds] = useState(0);
  const hold: Hold = useCallback(() => {
    setHolds((before) => before + 1);
    return () => {
      setHolds((before) => before - 1);
    };
  }, []);
  const isChanged = history.now !== start;
  const adopt = (newer: PolicyVersion, changed?: Manuscript): void => {
    const begun = { base: newer, start: manuscriptOf(newer) };
    setBegun(begun);
    history.begin(changed ?? begun.start);
  };
  const showStored = useStored(version.number);
  const save = useMutation({
    mutationFn: (sent: Manuscript) =>
      bodyOf(
        api.PUT(mayChangeStructure ? '/api/v1/policies/{number}' : '/api/v1/policies/{number}/values', {
          params: { path: { number: version.number }, header: { 'If-Match': `"${base.hash}"` } },
          body: sent,
        }),
      ),
    onSuccess: async (saved, sent) => {
      const { now } = history;
      adopt(saved, now === sent ? undefined : merge(sent, now, manuscriptOf(saved), () => true).value);
      await showStored(saved);
      tellDone('Rascunho salvo.');
      await queries.invalidateQueries({ queryKey: ['policies'] });
    },
    onError: (error) => {
      if (error instanceof ApiProblem && (error.isUnanswered || error.status === OVERTAKEN))
        void queries.invalidateQueries({ queryKey: ['policy', String(version.number)] });
    },
  });
  // While one's own save is under way, a newer version may be what it made.
  const isOvertaken = version.hash !== base.hash && !save.isPending;
  // What is stored as it stands here was saved from here, by a request whose answer was lost.
  const isStored = isOvertaken && isChanged && differences(history.now, manuscriptOf(version)).length === 0;
  if (isStored || (isOvertaken && !isChanged && holds === 0)) adopt(version);
  const isAtRisk = isChanged || holds > 0;
  useBlocker({
    shouldBlockFn: ({ current, next }) => isAtRisk && current.pathname !== next.pathname && !mayBeLost(),
    enableBeforeUnload: isAtRisk,
  });
  useUnsaved(isAtRisk);
  return { base, start, history, manuscript: history.now, isChanged, isOvertaken, hold, adopt, save };
}

export type Work = ReturnType<typeof useWork>;
