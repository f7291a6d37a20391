-- SPDX-License-Identifier: MIT
-- spy.new, spy.on and assert.spy, as busted has them: functions that note how they
-- were called. It goes on where scenario.lua ends, in the same chunk.

local spies = {} -- those of spy.on, in order

local Spy = { __name = "spy" }
Spy.__index = Spy

function Spy.__call(self, ...)
  local call = { vals = table.pack(...) }
  self.calls[#self.calls + 1] = call
  call.refs = call.vals
  call.returned = table.pack(self.callback(...))
  return table.unpack(call.returned, 1, call.returned.n)
end

function Spy.__tostring() return "spy" end

function Spy:clear()
  self.calls = {}
  return self
end

function Spy:revert()
  if self.owner then rawset(self.owner, self.key, self.original) end
  self.owner = nil
  return self.callback
end

spy = {}

local function is_callable(v)
  local meta = getmetatable(v)
  return type(v) == "function" or (type(meta) == "table" and meta.__call ~= nil)
end

function spy.new(callback)
  if callback == nil then callback = function() end end
  if not is_callable(callback) then
    error("spy.new: wants a function, got " .. type(callback), 2)
  end
  return setmetatable({ callback = callback, calls = {} }, Spy)
end

function spy.on(owner, key)
  if type(owner) ~= "table" then error("spy.on: wants a table, got " .. type(owner), 2) end
  local callback = owner[key]
  if not is_callable(callback) then
    error(("spy.on: %s is no function"):format(tostring(key)), 2)
  end
  local s = spy.new(callback)
  s.owner, s.key, s.original = owner, key, rawget(owner, key)
  rawset(owner, key, s)
  spies[#spies + 1] = s
  return s
end

function spy.is_spy(v) return getmetatable(v) == Spy end

-- What a scenario replaced is there again in the next one.
before_run[#before_run + 1] = function()
  for i = #spies, 1, -1 do spies[i]:revert() end
  spies = {}
end

-- assertions -------------------------------------------------------------------

local function times(n) return n == 1 and "1 time" or n .. " times" end

local function show_all(vals)
  local words = {}
  for i = 1, vals.n do words[i] = show(vals[i]) end
  return "(" .. table.concat(words, ", ") .. ")"
end

local function equal(a, b)
  if a.n ~= b.n then return false end
  for i = 1, a.n do if not same(a[i], b[i]) then return false end end
  return true
end

local function list(calls, field)
  if #calls == 0 then return "it was not called" end
  local lines = {}
  for i, call in ipairs(calls) do lines[i] = "  " .. i .. ": " .. show_all(call[field]) end
  return (field == "vals" and "it was called with" or "it returned") .. "\n" .. table.concat(lines, "\n")
end

-- Each: whether it holds, and what was expected in words.
local checks = {}

function checks.called(calls, n)
  if n == nil then return #calls > 0, "to be called" end
  return #calls == n, "to be called " .. times(n)
end
function checks.called_at_least(calls, n) return #calls >= n, "to be called at least " .. times(n) end
function checks.called_at_most(calls, n) return #calls <= n, "to be called at most " .. times(n) end
function checks.called_more_than(calls, n) return #calls > n, "to be called more than " .. times(n) end
function checks.called_less_than(calls, n) return #calls < n, "to be called less than " .. times(n) end

local function with(field, words)
  return function(calls, ...)
    local want = table.pack(...)
    for _, call in ipairs(calls) do
      if equal(want, call[field]) then return true, words .. show_all(want) end
    end
    return false, words .. show_all(want) .. "; " .. list(calls, field), true
  end
end
checks.called_with = with("vals", "to be called with ")
checks.returned_with = with("returned", "to return ")

local function question(s, wanted)
  return setmetatable({}, {
    __index = function(_, name)
      local check = checks[name] or error(("there is no assertion 'spy.%s'"):format(tostring(name)), 2)
      return function(...)
        local ok, words, said = check(s.calls, ...)
        if ok == wanted then return s end
        error({ fail = ("expected the spy %s%s%s"):format(wanted and "" or "not ", words,
          said and "" or "; it was called " .. times(#s.calls)) }, 0)
      end
    end,
  })
end

rawset(assert, "spy", function(s)
  if not spy.is_spy(s) then error("assert.spy: wants a spy, got " .. type(s), 2) end
  local yes, no = question(s, true), question(s, false)
  return setmetatable({ was = yes, is = yes, has = yes, was_not = no, is_not = no, has_not = no }, {
    __index = function(_, name)
      local short = type(name) == "string" and name:match("^was_(.*)")
      if short and short:sub(1, 4) == "not_" then return no[short:sub(5)] end
      return yes[short or name]
    end,
  })
end)

return scenarios, show
