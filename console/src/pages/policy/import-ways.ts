import { useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { count } from '../../format/format';
import { tellDone } from '../../parts/notices';
import { sentFile, sheetTypeOf } from '../../parts/sent-file';
import type { PolicyList } from './document';
import type { ImportWay } from './import-dialog';
import type { Product } from './product-view';
import { useStored } from './use-stored';

const MAX_SOURCE = 120;

const sent = (file: File) => sentFile(file, sheetTypeOf(file));

/** What the server saved becomes what the page shows. */
function useAdoption(number: number): (saved: PolicyVersion) => Promise<void> {
  const showStored = useStored(number);
  return async (saved) => {
    await showStored(saved);
    tellDone('Planilha importada e rascunho salvo.');
  };
}

/** The rows of a table, in place of those it has. */
export function useTableImport({
  number,
  hash,
  product,
  table,
}: {
  readonly number: number;
  readonly hash: string;
  readonly product: Product;
  readonly table: string;
}): ImportWay {
  const adopt = useAdoption(number);
  const path = { number, table };
  return {
    hasColumn: false,
    hasTitle: true,
    leavesOut: false,
    preview: (file, { tab }) =>
      bodyOf(
        api.POST('/api/v1/policies/{number}/tables/{table}/preview', {
          params: { path, query: { product, ...(tab !== undefined && { tab }) } },
          ...sent(file),
        }),
      ),
    apply: async (file, { tab }) => {
      const params = {
        path,
        query: { product, ...(tab !== undefined && { tab }) },
        header: { 'If-Match': `"${hash}"` },
      };
      await adopt(
        await bodyOf(api.PUT('/api/v1/policies/{number}/tables/{table}', { params, ...sent(file) })),
      );
    },
  };
}

/** The entries of a list that stands in the document, in place of those it has. */
export function useInlineListImport(number: number, hash: string, list: string): ImportWay {
  const adopt = useAdoption(number);
  const path = { number, list };
  return {
    hasColumn: true,
    hasTitle: false,
    leavesOut: false,
    preview: (file, choice) =>
      bodyOf(
        api.POST('/api/v1/policies/{number}/lists/{list}/preview', {
          params: { path, query: choice },
          ...sent(file),
        }),
      ),
    apply: async (file, choice, isConfirmed) => {
      const query = { ...choice, confirm_removal: isConfirmed ? ('true' as const) : ('false' as const) };
      const params = { path, query, header: { 'If-Match': `"${hash}"` } };
      await adopt(await bodyOf(api.PUT('/api/v1/policies/{number}/lists/{list}', { params, ...sent(file) })));
    },
  };
}

/** A list outside the document, in place of the stored one it has now. */
export function useOutsideListImport(
  { of }: PolicyList,
  stored: string | undefined,
  onStored: (sha256: string) => void,
): ImportWay {
  const queries = useQueryClient();
  const field = of as 'borrower_cpf';
  const against = stored === undefined ? {} : { against: stored };
  return {
    hasColumn: true,
    hasTitle: true,
    leavesOut: true,
    preview: (file, choice) =>
      bodyOf(
        api.POST('/api/v1/policies/lists/preview', {
          params: { query: { field, ...against, ...choice } },
          ...sent(file),
        }),
      ),
    apply: async (file, choice, isConfirmed) => {
      const source = file.name.slice(0, MAX_SOURCE);
      const confirm_removal = isConfirmed ? ('true' as const) : ('false' as const);
      const query = { field, source, ...against, ...choice, confirm_removal };
      const { sha256, size } = await bodyOf(
        api.POST('/api/v1/policies/lists', { params: { query }, ...sent(file) }),
      );
      await queries.invalidateQueries({ queryKey: ['policy-lists'] });
      onStored(sha256);
      tellDone(`${count(size)} itens importados; salve o rascunho.`);
    },
  };
}
