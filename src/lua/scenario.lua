-- SPDX-License-Identifier: MIT
-- describe, it and assert: busted's vocabulary, and the words of this field.
-- Loaded into every state under the name "devsh", which no message mentions.

local scenarios, path = {}, {}
local before_run = {} -- what is put right before each scenario
local host = ...

local function fail(message, ...)
  error({ fail = message:format(...) }, 0)
end

-- Any value as one line: what a failure says, and what print() does with tables.
local function show(v, depth)
  depth = depth or 0
  if type(v) == "string" then return ("%q"):format(v) end
  if type(v) ~= "table" or depth > 4 then return tostring(v) end
  local parts, n = {}, 0
  for i, x in ipairs(v) do parts[i], n = show(x, depth + 1), i end
  local rest = {}
  for k, x in pairs(v) do
    if not (math.type(k) == "integer" and k >= 1 and k <= n) then
      rest[#rest + 1] = tostring(k) .. " = " .. show(x, depth + 1)
    end
  end
  table.sort(rest)
  table.move(rest, 1, #rest, n + 1, parts)
  return "{ " .. table.concat(parts, ", ") .. " }"
end

-- pairs() in the same order in every run: numbers, then strings, each sorted.
-- Lua's own order depends on where the host put the strings.
local own_pairs, rank = pairs, { number = 1, string = 2 }

local function before(a, b)
  local ra, rb = rank[type(a)] or 3, rank[type(b)] or 3
  if ra ~= rb then return ra < rb end
  return ra < 3 and a < b
end

function pairs(t)
  local meta = getmetatable(t)
  if type(t) ~= "table" or (type(meta) == "table" and meta.__pairs) then return own_pairs(t) end
  local keys, i = {}, 0
  for k in next, t do keys[#keys + 1] = k end
  table.sort(keys, before)
  return function()
    -- what the loop took away is passed over, as by Lua's own
    repeat i = i + 1 until keys[i] == nil or rawget(t, keys[i]) ~= nil
    if keys[i] ~= nil then return keys[i], t[keys[i]] end
  end, t, nil
end

-- scenarios ---------------------------------------------------------------

local function run_all(hooks) for _, hook in ipairs(hooks) do hook() end end

-- Globals as files and setup() left them: what one scenario sets, the next does not see.
local globals, kept, kept_count = _G

local function keep_globals()
  kept, kept_count = {}, 0
  for k, v in next, globals do kept[k], kept_count = v, kept_count + 1 end
end

local function are_globals_kept()
  local count = 0
  for k, v in next, globals do
    if kept[k] ~= v then return false end
    count = count + 1
  end
  return count == kept_count
end

before_run[#before_run + 1] = function()
  if not kept then return keep_globals() end
  if are_globals_kept() then return end -- as most scenarios leave them
  for k in next, globals do
    if kept[k] == nil then rawset(globals, k, nil) end
  end
  for k, v in next, kept do rawset(globals, k, v) end
end

-- The first of a group's scenarios to run sets it up, whichever that is, and the last
-- one tears it down. Where setup fails, each of them tries it, and fails.
local function begin_group(d)
  d.ran = d.ran + 1
  if not d.is_set_up then
    run_all(d.setup)
    keep_globals()
  end
  d.is_set_up = true
end

local function end_group(d)
  if d.ran < d.size then return end
  d.ran, d.is_set_up = 0, false
  run_all(d.teardown)
end

-- { tags = { "slow" } }, and each "#slow" in a name, as busted has them.
local function add_tags(tags, name, options)
  for tag in name:gmatch("#(%S+)") do tags[#tags + 1] = tag end
  for _, tag in ipairs(options and options.tags or {}) do tags[#tags + 1] = tag end
end

local function add(name, options, run, pending)
  local full, before, after, tags = {}, {}, {}, {}
  for _, d in ipairs(path) do
    add_tags(tags, d.name, d.options)
    full[#full + 1] = d.name
    before[#before + 1] = d
    table.insert(after, 1, d)
  end
  full[#full + 1] = name
  add_tags(tags, name, options)
  local file, line, last = host.where(run)
  scenarios[#scenarios + 1] = {
    name = table.concat(full, " "), file = file, line = line, last = last, pending = pending,
    tags = table.concat(tags, " "),
    run = function()
      for _, put_right in ipairs(before_run) do put_right() end
      for _, d in ipairs(before) do begin_group(d) end
      for _, d in ipairs(before) do run_all(d.before) end
      run()
      for _, d in ipairs(after) do run_all(d.after) end
      for _, d in ipairs(after) do end_group(d) end
    end,
  }
  for _, d in ipairs(before) do d.size = d.size + (pending and 0 or 1) end
end

local function need(what, v, kind, level)
  if type(v) ~= kind then
    error(("%s: wants a %s, got %s"):format(what, kind, type(v)), level or 3)
  end
end

-- (name, body) or (name, options, body)
local function options_and_body(what, options, body)
  if body == nil then options, body = nil, options end
  need(what, body, "function", 4)
  if options == nil then return nil, body end
  need(what .. " options", options, "table", 4)
  for key in pairs(options) do
    if key ~= "tags" then error(("%s: no such option: %s; tags is one"):format(what, tostring(key)), 3) end
  end
  need(what .. " tags", options.tags, "table", 4)
  for _, tag in ipairs(options.tags) do
    if type(tag) ~= "string" or not tag:find("^[^%s#]+$") then
      error(("%s: tag %s: wants a word"):format(what, show(tag)), 3)
    end
  end
  return options, body
end

function describe(name, options, body)
  need("describe", name, "string")
  options, body = options_and_body("describe", options, body)
  path[#path + 1] = { name = name, options = options, before = {}, after = {},
                      setup = {}, teardown = {}, size = 0, ran = 0 }
  body()
  path[#path] = nil
end

function it(name, options, body)
  need("it", name, "string")
  options, body = options_and_body("it", options, body)
  add(name, options, body)
end

function pending(name)
  need("pending", name, "string")
  add(name, nil, function() end, true)
end

local function hooks() return path[#path] or error("must be inside describe()", 3) end

function before_each(body)
  need("before_each", body, "function")
  table.insert(hooks().before, body)
end

function setup(body)
  need("setup", body, "function")
  table.insert(hooks().setup, body)
end

function teardown(body)
  need("teardown", body, "function")
  table.insert(hooks().teardown, 1, body)
end

function after_each(body)
  need("after_each", body, "function")
  table.insert(hooks().after, 1, body)
end

context, spec, lazy_setup, lazy_teardown = describe, it, setup, teardown

-- assertions: busted's ------------------------------------------------------

local function same(a, b)
  if a == b then return true end
  if type(a) ~= "table" or type(b) ~= "table" then return false end
  for k, v in pairs(a) do if not same(v, b[k]) then return false end end
  for k in pairs(b) do if a[k] == nil then return false end end
  return true
end

local checks, negated = {}, {}

-- Where two tables differ, a line for each key: "b.c: expected 2, got 3".
local DIFFERENCES = 20

local function key_path(path, k)
  if type(k) ~= "string" then return ("%s[%s]"):format(path, show(k)) end
  if not k:find("^[%a_][%w_]*$") then return ("%s[%q]"):format(path, k) end
  return path == "" and k or path .. "." .. k
end

local function differences(want, got, path, lines)
  local function add(text) lines[#lines + 1] = "  " .. text end
  local keys = {}
  for k in pairs(want) do keys[k] = true end
  for k in pairs(got) do keys[k] = true end
  for k in pairs(keys) do
    local at, a, b = key_path(path, k), want[k], got[k]
    if a == nil then
      add(("%s: expected nothing, got %s"):format(at, show(b)))
    elseif b == nil then
      add(("%s: expected %s, got nothing"):format(at, show(a)))
    elseif type(a) == "table" and type(b) == "table" and #lines <= DIFFERENCES then
      if not same(a, b) then differences(a, b, at, lines) end
    elseif not same(a, b) then
      add(("%s: expected %s, got %s"):format(at, show(a), show(b)))
    end
  end
end

local function by_key(want, got)
  local lines = { "the contents of the tables differ:" }
  differences(want, got, "", lines)
  if #lines > DIFFERENCES + 1 then
    lines[DIFFERENCES + 2] = ("  and %d more"):format(#lines - DIFFERENCES - 1)
  end
  return table.concat(lines, "\n", 1, math.min(#lines, DIFFERENCES + 2))
end

local function lines_of(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  return lines
end

-- What is between the lines that both begin and end with, with one line around it.
local function by_line(want, got)
  local a, b, first, last = lines_of(want), lines_of(got), 1, 0
  while first <= #a and first <= #b and a[first] == b[first] do first = first + 1 end
  while last < #a - first + 1 and last < #b - first + 1 and a[#a - last] == b[#b - last] do
    last = last + 1
  end
  local out = { ("expected (-) and got (+) differ at line %d:"):format(first) }
  local function add(mark, from, upto, lines)
    for i = from, upto do
      if #out <= 2 * DIFFERENCES then out[#out + 1] = mark .. lines[i] end
    end
  end
  add("    ", math.max(1, first - 1), first - 1, a)
  add("  - ", first, #a - last, a)
  add("  + ", first, #b - last, b)
  add("    ", #a - last + 1, math.min(#a, #a - last + 1), a)
  return table.concat(out, "\n")
end

local function compared(want, got)
  if type(want) == "table" and type(got) == "table" then
    if same(want, got) then
      return "expected this table, got another one with the same contents,\nwhich is what assert.same compares"
    end
    return by_key(want, got)
  end
  if type(want) == "string" and type(got) == "string" and (want .. got):find("\n") then
    return by_line(want, got)
  end
end

-- n values, and then a message of the test's own.
local function check(name, n, test, message)
  local compares = message:find("%%s.*%%s")
  local function complain(text, own, more)
    more.fail = (own ~= nil and tostring(own) .. "\n" or "") .. text
    error(more, 0)
  end
  checks[name] = function(...)
    local ok, a, b = test(...)
    if not ok then
      complain(compares and compared(a, b) or message:format(show(a), show(b)), (select(n + 1, ...)),
        compares and { expected = show(a), got = show(b) } or {})
    end
    return ...
  end
  negated[name] = function(...)
    if test(...) then
      complain(("expected not: %s(%s)"):format(name, show((...))), (select(n + 1, ...)), {})
    end
    return ...
  end
end

check("equal", 2, function(want, got) return want == got, want, got end, "expected %s, got %s")
check("same", 2, function(want, got) return same(want, got), want, got end, "expected %s, got %s")
check("is_true", 1, function(v) return v == true, v end, "expected true, got %s")
check("is_false", 1, function(v) return v == false, v end, "expected false, got %s")
check("is_nil", 1, function(v) return v == nil, v end, "expected nil, got %s")
check("truthy", 1, function(v) return v, v end, "expected a value, got %s")
check("falsy", 1, function(v) return not v, v end, "expected nil or false, got %s")
check("near", 3, function(want, got, off) return math.abs(want - got) <= off, want, got end,
  "expected about %s, got %s")
checks.equals, checks.eq, checks.is_truthy, checks.is_falsy =
  checks.equal, checks.equal, checks.truthy, checks.falsy
negated.equals, negated.is_nil = negated.equal, negated.is_nil
checks.is_not_nil, checks.is_not_true = negated.is_nil, negated.is_true
checks.are_equal, checks.are_same = checks.equal, checks.same
checks.are_not_equal, checks.are_not_same = negated.equal, negated.same
checks.not_equal, checks.not_same = negated.equal, negated.same
checks["true"], checks["false"], checks["nil"] = checks.is_true, checks.is_false, checks.is_nil
negated["true"], negated["false"], negated["nil"] =
  negated.is_true, negated.is_false, negated.is_nil
negated.equals = negated.equal

function checks.has_error(body, pattern)
  need("has_error", body, "function")
  local ok, message = pcall(body)
  if ok then fail("expected an error, there was none") end
  message = type(message) == "table" and message.fail or tostring(message)
  if pattern and not message:find(pattern, 1, true) then
    fail("expected an error with %q, got %q", pattern, message)
  end
end
checks.error = checks.has_error

function checks.has_no_error(body)
  need("has_no_error", body, "function")
  local ok, message = pcall(body)
  if not ok then fail("expected no error, got %q", tostring(message)) end
end
negated.has_error, negated.error = checks.has_no_error, checks.has_no_error

-- assertions: memory and devices ----------------------------------------------

local function need_pointer(what, p)
  if p == nil then fail("%s: the pointer is NULL", what) end
  if type(p) ~= "userdata" then error(what .. ": wants a pointer", 3) end
end

-- The address of p is a multiple of n bytes.
function checks.aligned(p, n)
  need_pointer("aligned", p)
  if p.addr % n ~= 0 then
    fail("expected %s to be aligned to %d, it is off by %d", tostring(p), n, p.addr % n)
  end
  return p
end

local function all_bytes(what, p, byte, len)
  need_pointer(what, p)
  local off, got = p:find_not(byte, len)
  if off then
    fail("expected byte %d of %s to be 0x%02x, got 0x%02x", off, tostring(p), byte, got)
  end
  return p
end

-- The bytes that were asked for, or the first len ones, are 0.
function checks.zeroed(p, len) return all_bytes("zeroed", p, 0, len) end
function checks.filled(p, byte, len) return all_bytes("filled", p, byte, len) end

function negated.zeroed(p, len)
  need_pointer("not_zeroed", p)
  if not p:find_not(0, len) then fail("expected %s not to be zeroed", tostring(p)) end
  return p
end
checks.not_zeroed = negated.zeroed

-- p is not an allocated object any more (of the first kind), or still is one.
function checks.freed(p)
  need_pointer("freed", p)
  if p:state() == "allocated" then fail("expected %s to be freed, it is in use", tostring(p)) end
end
function checks.allocated(p)
  need_pointer("allocated", p)
  if p:state() ~= "allocated" then fail("expected %s to be in use, it is free", tostring(p)) end
  return p
end
negated.freed, checks.not_freed = checks.allocated, checks.allocated

-- The nodes released since the scenario began, or since the last time this was
-- asked, are exactly these: pointers, or names of actions and releases.
function checks.released_in_order(want)
  need("released_in_order", want, "table")
  local got = host.releases()
  local words = {}
  for i, r in ipairs(got) do
    words[i] = type(want[i]) == "string" and r.name or tostring(r.pointer)
  end
  local expected = {}
  for i, w in ipairs(want) do expected[i] = tostring(w) end
  if not same(words, expected) then
    fail("expected the release order %s, got %s", show(expected), show(words))
  end
end

-- body makes the kernel complain (WARN, BUG, Oops, allocator report); with a
-- pattern, in a log line that holds this text.
function checks.warns(body, pattern)
  need("warns", body, "function")
  local mark, before, expected = host.log_mark(), host.complaints(), host.expected()
  local withheld = host.withheld()
  local ok, message = pcall(body)
  local n = host.complaints() - before
  if not ok and n == 0 then error(message, 0) end
  local unseen = host.unseen()
  unseen = unseen and "\n" .. unseen or ""
  if host.withheld() > withheld then
    unseen = "\nKASAN prints only the first report of a boot (kasan_multi_shot=on: all)"
  end
  if n == 0 then
    fail("expected the kernel to complain%s, it did not%s",
      pattern and (" with %q"):format(pattern) or "", unseen)
  end
  host.excuse(math.max(0, n - (host.expected() - expected))) -- one further inside has its own
  if pattern and not host.log_has(mark, pattern) then
    fail("expected a log line with %q%s", pattern, unseen)
  end
end

-- The log has a line with this text since the scenario began.
function checks.logged(text)
  if not host.log_has(0, text) then fail("expected a log line with %q", text) end
end
function negated.logged(text)
  if host.log_has(0, text) then fail("expected no log line with %q", text) end
end
checks.not_logged = negated.logged

-- Memory that no device leads to, by all that makes an object the same one.
local function unowned()
  local list = {}
  for _, o in ipairs(leaks("all")) do
    list[("%s %d %s %s"):format(o.addr, o.size, o.by, o.step)] = o
  end
  return list
end

-- "ffff888001000040 (64 bytes, by demo_probe in probe; only p has it)"
local function describe_leak(o)
  local phase = o.phase and o.phase ~= "" and " in " .. o.phase or ""
  local holder = o.holder and o.holder ~= "Lua" and ("; only %s has it"):format(o.holder) or ""
  return ("%s (%d bytes, by %s%s%s)"):format(o.addr, o.size, o.by or "?", phase, holder)
end

-- What body allocated is given back when it returns, or it is a device's.
function checks.no_leak(body)
  need("no_leak", body, "function")
  local before = unowned()
  body()
  local left = {}
  for key, o in pairs(unowned()) do
    if not before[key] then left[#left + 1] = describe_leak(o) end
  end
  table.sort(left)
  if #left > 0 then
    fail("%d object%s leaked: %s", #left, #left == 1 and "" or "s", table.concat(left, ", "))
  end
end

function negated.no_leak(body)
  local ok = pcall(checks.no_leak, body)
  if ok then fail("expected a leak, there was none") end
end
checks.leaks = negated.no_leak

-- body handles the failure of each of its allocations: it answers an error, or
-- goes on without; it undoes all that it did, and the kernel does not complain.
-- Returns the rows of faults().
function checks.handles_faults(body)
  need("handles_faults", body, "function")
  local rows = faults(body)
  for _, r in ipairs(rows) do
    if not r.ok and r.cache then
      fail("expected each failure to be handled; when allocation %d fails, %s in %s of %s: %s",
        r.n, r.cache, r["function"], r.caller, r.verdict)
    elseif not r.ok then
      fail("expected success when no allocation fails: %s", r.verdict)
    end
  end
  return rows
end

-- assert(v, message), assert.equal(...), assert.is_not.equal(...), assert.has.error(...)
local function family(of)
  return setmetatable({}, {
    __index = function(_, k)
      return of[k] or of["is_" .. k] or of["has_" .. k] or
        error(("there is no assertion '%s'"):format(tostring(k)), 2)
    end,
  })
end
local no = family(negated)
local yes = family(checks)
checks.are, checks.is, checks.has, checks.was = yes, yes, yes, yes
checks.is_not, checks.are_not, checks.has_no, checks["not"] = no, no, no, no

assert = setmetatable({}, {
  __call = function(_, v, message, ...)
    if not v then
      if message == nil then message = "assertion failed!" end
      if type(message) ~= "string" then error(message, 0) end
      fail("%s", message)
    end
    return v, message, ...
  end,
  __index = function(_, k)
    return checks[k] or error(("there is no assertion '%s'"):format(tostring(k)), 2)
  end,
})
