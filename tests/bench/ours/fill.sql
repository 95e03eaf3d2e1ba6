-- The rows of sql/dataset.sql in our tables, after the plans were applied. Run by a superuser: rows of every county, no triggers.
-- One COLLECT share a submission; 3 handlings become 3 lines of the record; the old id is the external reference.
-- Received 8 hours earlier, so that Shanghai's day and week of a row are those that the harness counts in UTC.
\set ON_ERROR_STOP on
set client_min_messages = warning; set session_replication_role = replica; set maintenance_work_mem = '1GB'; set work_mem = '256MB';
set max_parallel_workers_per_gather = 0;
create schema if not exists ours_fill;
drop table if exists ours_fill.stage, ours_fill.action, ours_fill.phrase, ours_fill.junction, ours_fill.base, ours_fill.one;
create table ours_fill.stage (status text primary key, stage text);
insert into ours_fill.stage values ('OPEN','CLASSIFIED'), ('ASSIGNED','CLAIMED'), ('HANDLING','RECHECK'), ('REPLIED','RESPONDED'), ('CLOSED','CLOSED'), ('REJECTED','DECLINED');

-- Grams of a text as db/search.rs makes them: distinct characters and pairs of neighbours (first * 2^21 + second).
create or replace function ours_fill.grams(t text) returns bigint[] language sql immutable as $f$
  select array_agg(distinct g) from (
    select ascii(c)::bigint g from (select substr(t, i, 1) c from generate_series(1, length(t)) i) x
    union all
    select (ascii(substr(t, i, 1))::bigint << 21) | ascii(substr(t, i + 1, 1)) from generate_series(1, length(t) - 1) i) y
$f$;
create or replace function ours_fill.pair(a text, b text) returns bigint language sql immutable as $f$ select (ascii(a)::bigint << 21) | ascii(b) $f$;
-- A content is seven phrases of 28 characters: the grams of a set of phrases and a title's phrase are made once, the joints a row.
create table ours_fill.phrase as select row_number() over (order by p) k, p from (select distinct substr(content, 1 + 28 * j, 28) p from (select content from submissions order by id limit 5000) s, generate_series(0, 6) j) x;
do $$ begin assert (select count(*) from ours_fill.phrase) = 7; end $$;
create table ours_fill.base as
  select mask, ph, (select array_agg(distinct g) from (
      select unnest(ours_fill.grams(p)) g from ours_fill.phrase where mask & (1 << (k::int - 1)) > 0
      union all select unnest(ours_fill.grams('关于' || ph || '的建议'))) x) grams
  from generate_series(1, 127) mask, (select distinct substr(title, 3, strpos(title, '的建议') - 3) ph from (select title from submissions order by id limit 5000) s) t;
create unique index on ours_fill.base (mask, ph);

create table ours_fill.one as
select s.id old, '99000' || s.county_id county,
  (lpad(to_hex(floor(extract(epoch from s.created_at - interval '8 hours') * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(s.id), 15, '0'))::uuid id,
  d.id department, c.id campaign, st.id stream, ch.id channel, ca.id category, x.stage, s.unit_id,
  s.created_at - interval '8 hours' as at, (s.created_at at time zone 'UTC')::date as day,
  row_number() over (partition by d.id, c.id order by s.created_at, s.id) number,
  3 * row_number() over (partition by d.id order by s.created_at, s.id) - 2 line
from submissions s
join department d on d.county = '99000' || s.county_id and d.code = 'U' || s.unit_id
join campaign c on c.county = d.county and c.code = 'C' || s.campaign_id
join stream st on st.county = d.county and st.campaign = c.id and st.department = d.id
join channel ch on ch.county = d.county and ch.campaign = c.id and ch.code = s.channel
join category ca on ca.county = d.county and ca.campaign = c.id and ca.code = s.category
join ours_fill.stage x on x.status = s.status;
alter table ours_fill.one add primary key (old);
do $$ begin assert (select count(*) from ours_fill.one) = (select count(*) from submissions); end $$;

create temp table put_back as select indexdef from pg_indexes where schemaname = 'public' and indexname in ('submission_text_by_grams', 'share_by_facet');
drop index submission_text_by_grams, share_by_facet;

insert into submission (county, id, department, campaign, stream, channel, entered_by, client, number, kind, stage, title, content, category, constituency,
    village, urgency, beneficiaries, confidential, anonymous, on_behalf, late, received_at, received_on, external_ref, extra, created_at, version, receipt_number, names_person)
select o.county, o.id, o.department, o.campaign, o.stream, o.channel, null, null,
    'U' || o.unit_id || '-' || case when s.campaign_id = 2 then 2025 else 2026 end || '-' || lpad(o.number::text, greatest(5, length(o.number::text)), '0'),
    'SUGGESTION', o.stage, s.title, s.content, o.category, null, null, 'NORMAL', null, false, false, false, false, o.at, o.day, o.old::text,
    jsonb_build_object('location', s.location), o.at, 3, 'OLD-' || o.old, false
from ours_fill.one o join submissions s on s.id = o.old order by o.old;
insert into share (county, department, submission, capability, owner, campaign, stream, channel, category, village, kind, stage, late, received_at, received_on)
select county, department, id, 'COLLECT', department, campaign, stream, channel, category, null, 'SUGGESTION', stage, false, at, day from ours_fill.one order by old;
insert into record (county, id, department, number, submission, action, from_stage, to_stage, post, note, detail, at)
select o.county,
    (lpad(to_hex(floor(extract(epoch from h.created_at - interval '8 hours') * 1000)::bigint), 12, '0') || '70009' || lpad(to_hex(h.id), 15, '0'))::uuid,
    o.department, o.line + k, o.id, (array['RECORDED', 'CLASSIFIED', 'EDITED'])[k + 1],
    case k when 0 then null when 1 then 'RECEIVED' else 'CLASSIFIED' end, case k when 0 then 'RECEIVED' when 1 then 'CLASSIFIED' else o.stage end,
    null, h.note, 'null', h.created_at - interval '8 hours'
from (select *, ((id - 1) % 3)::int k from handlings where submission_id <= :n) h join ours_fill.one o on o.old = h.submission_id order by h.id;
insert into submission_text (county, submission, departments, received_at, title, content, grams)
select o.county, o.id, array[o.department], o.at, s.title, s.content,
    b.grams || (select array_agg(distinct ours_fill.pair(substr(s.content, 28 * j, 1), substr(s.content, 28 * j + 1, 1))) from generate_series(1, 6) j)
            || ours_fill.grams('议' || o.old)
from ours_fill.one o join submissions s on s.id = o.old
cross join lateral (select bit_or(1 << (k::int - 1)) mask from generate_series(0, 6) j join ours_fill.phrase p on p.p = substr(s.content, 1 + 28 * j, 28)) m
join ours_fill.base b on b.mask = m.mask and b.ph = substr(s.title, 3, strpos(s.title, '的建议') - 3)
order by o.old;
do $$ begin assert (select count(*) from submission_text) = (select count(*) from submission where external_ref is not null); end $$;
-- Numbers go on where the rows end.
insert into counter (county, department, name, next)
select county, department, 'U' || unit_id || '-' || case when campaign in (select id from campaign where code = 'C2') then 2025 else 2026 end, max(number) + 1 from ours_fill.one group by 1, 2, 3
union all select county, department, 'record', max(line) + 3 from ours_fill.one group by 1, 2;
select indexdef from put_back \gexec
