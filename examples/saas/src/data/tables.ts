/**
 * The tables of the app, in the SQL that SQLite and PostgreSQL share. Instants are epoch milliseconds.
 *
 * A membership is one person in one organization, and the owner of that person's tokens there. One that has ended never comes
 * back: whoever joins again gets another one. So no old token comes back either.
 */
export const tables: readonly string[] = [
  `create table if not exists people (
    id text primary key, email text not null unique, name text not null, password text not null)`,
  `create table if not exists organizations (
    id text primary key, name text not null, requests_per_minute integer not null)`,
  `create table if not exists memberships (
    id text primary key,
    organization_id text not null references organizations,
    person_id text not null references people,
    role text not null check (role in ('owner', 'admin', 'member')),
    ended_at bigint)`,
  `create unique index if not exists memberships_once on memberships (organization_id, person_id) where ended_at is null`,
  `create index if not exists memberships_of on memberships (person_id)`,
  `create table if not exists invitations (
    digest text primary key,
    organization_id text not null references organizations,
    invited_by text not null references memberships,
    role text not null,
    expires_at bigint not null)`,
  `create table if not exists projects (
    id text primary key,
    organization_id text not null references organizations,
    name text not null,
    created_at bigint not null)`,
  `create index if not exists projects_of on projects (organization_id, created_at)`,
  `create table if not exists sessions (digest text primary key, data text not null, expires_at bigint not null)`,
  `create index if not exists sessions_end on sessions (expires_at)`,
  `create table if not exists audit (
    id text primary key,
    at bigint not null,
    organization_id text not null,
    type text not null,
    actor text,
    about text,
    ip text,
    details text not null)`,
  `create index if not exists audit_of on audit (organization_id, at)`,
]
