-- Policies and grants of whatever day: what is made anew below is all that there is. What another owner keeps beside the
-- tables is left alone.
DO $$
DECLARE
    item record;
BEGIN
    FOR item IN SELECT policy.polname, entry.relname FROM pg_policy policy JOIN pg_class entry ON entry.oid = policy.polrelid
                 WHERE entry.relnamespace = 'public'::regnamespace AND pg_has_role(entry.relowner, 'USAGE') LOOP
        EXECUTE format('DROP POLICY %I ON public.%I', item.polname, item.relname);
    END LOOP;
    FOR item IN SELECT relname, CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
                   AND pg_has_role(relowner, 'USAGE') LOOP
        EXECUTE format('REVOKE ALL ON %s public.%I FROM PUBLIC, {serving}, {keeper} CASCADE', item.kind, item.relname);
    END LOOP;
END
$$;
REVOKE ALL ON SCHEMA public FROM {serving}, {keeper};
GRANT USAGE ON SCHEMA public TO {serving}, {keeper};
-- The server asks at start whether anything is missing, and whether this is still as it was made.
GRANT SELECT ON seaql_migrations TO {serving};
