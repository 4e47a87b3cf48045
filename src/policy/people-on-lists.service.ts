import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ActivePolicy } from './active-policy.service';
import { fieldDefinition, isFieldName, isPerson, peopleInCases, type Policy } from './domain';
import { PolicyLists, type StoredList } from './policy-lists.service';
import { done, type Outcome } from './policy-refusal';
import type { PolicyState } from './policy-row';

type ListsByName = Readonly<Record<string, string>>;

/** A second person has agreed to what these say. */
const AGREED_TO: readonly PolicyState[] = ['approved', 'scheduled', 'active', 'retired'];

const NEW_LISTS = `
  SELECT * FROM policy_list WHERE sha256 = ANY ($1) AND sha256 NOT IN (
    SELECT value FROM policy_version, jsonb_each_text(lists) WHERE state = ANY ($2))`;

/**
 * What a policy can be tried on without telling who stands on a list of people: whoever knows that of any CPF tries those that a
 * mask leaves, and by lists of their own reads whom it hides. The rest is for those who may see a borrower's data (docs/access.md).
 */
@Injectable()
export class PeopleOnLists {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lists: PolicyLists,
    private readonly active: ActivePolicy,
  ) {}

  /** Refused where a case names somebody whom the version in force does not, and a list of people may answer for them. */
  async tryOnCases(policy: Policy, lists: ListsByName): Promise<Outcome<undefined>> {
    const known = new Set(peopleInCases(this.active.current().compiled.policy).map(({ person }) => person));
    const strangers = peopleInCases(policy).filter(({ person }) => !known.has(person));
    if (strangers.length === 0) return done(undefined);
    const people = await this.#ofPeople(await this.lists.find(Object.values(lists)));
    if (people.size === 0) return done(undefined);
    return { kind: 'people_in_cases', cases: [...new Set(strangers.map(({ name }) => name))] };
  }

  /** Refused where one of the versions has a list of people to which nobody but its authors has agreed yet. */
  async tryOnRequests(versions: readonly { readonly lists: ListsByName }[]): Promise<Outcome<undefined>> {
    const named = versions.flatMap(({ lists }) => Object.entries(lists));
    const hashes = named.map(([, sha256]) => sha256);
    const fresh = await this.dataSource.query<StoredList[]>(NEW_LISTS, [hashes, AGREED_TO]);
    const people = await this.#ofPeople(fresh);
    if (people.size === 0) return done(undefined);
    const names = named.filter(([, sha256]) => people.has(sha256)).map(([name]) => name);
    return { kind: 'new_lists_of_people', lists: [...new Set(names)] };
  }

  /** Which of these hold a CPF. */
  async #ofPeople(lists: readonly StoredList[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const list of lists) if (await this.#holdsPeople(list)) found.add(list.sha256);
    return found;
  }

  async #holdsPeople({ sha256, field }: StoredList): Promise<boolean> {
    if (!isFieldName(field) || fieldDefinition(field).personal !== true) return false;
    for await (const chunk of this.lists.chunks(sha256))
      if (chunk.some((entry) => isPerson(field, entry))) return true;
    return false;
  }
}
