import { useQuery } from '@tanstack/react-query';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { api, bodyOf, type Dictionary } from '../../api/client';
import { Loaded } from '../../parts/states';
import type { Product } from './product-view';
import type { ValueType } from './values';

export type Field = Dictionary['fields'][number];
export type Operator = Dictionary['operators'][number];

interface DictionaryBook {
  readonly fields: readonly Field[];
  readonly operators: readonly Operator[];
  readonly field: (name: string) => Field | undefined;
  readonly operator: (name: string) => Operator | undefined;
  readonly typeOf: (field: string) => ValueType;
  readonly labelOf: (field: string) => string;
}

const DictionaryContext = createContext<DictionaryBook | undefined>(undefined);

/** What a policy may speak of. Only for what is inside the provider. */
export function useDictionary(): DictionaryBook {
  const book = use(DictionaryContext);
  if (book === undefined) throw new Error('outside of the dictionary');
  return book;
}

/** Fetches the field dictionary once; the forms inside are drawn from it. */
export function DictionaryProvider({ children }: { readonly children: ReactNode }) {
  const query = useQuery({
    queryKey: ['policy-dictionary'],
    queryFn: () => bodyOf(api.GET('/api/v1/policies/dictionary')),
    staleTime: Infinity,
  });
  const { data } = query;
  const book = useMemo<DictionaryBook | undefined>(() => {
    if (data === undefined) return undefined;
    const fields = new Map(data.fields.map((field) => [field.name, field]));
    const operators = new Map(data.operators.map((operator) => [operator.name, operator]));
    return {
      ...data,
      field: (name) => fields.get(name),
      operator: (name) => operators.get(name),
      typeOf: (name) => fields.get(name)?.type ?? 'text',
      labelOf: (name) => fields.get(name)?.label ?? name,
    };
  }, [data]);
  if (book === undefined) return <Loaded query={query}>{() => null}</Loaded>;
  return <DictionaryContext value={book}>{children}</DictionaryContext>;
}

/** Inside, only the fields that a product knows can be chosen; whatever stands there already keeps its words. */
export function ProductFields({
  product,
  children,
}: {
  readonly product: Product;
  readonly children: ReactNode;
}) {
  const book = useDictionary();
  const ofProduct = useMemo(
    () => ({ ...book, fields: book.fields.filter(({ products }) => products.includes(product)) }),
    [book, product],
  );
  return <DictionaryContext value={ofProduct}>{children}</DictionaryContext>;
}
