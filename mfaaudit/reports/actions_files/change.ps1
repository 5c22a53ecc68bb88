<#
.SYNOPSIS
Sets @@KEY@@ to @@TO@@ for the users of a list, and can take it back. Changes nothing without -Apply.

.DESCRIPTION
Action @@ACTION@@ of the audit @@RUN@@. Without -Apply every user is read and the script says what it would do. With
-Apply each user is read again first; whoever is not as the audit saw is skipped and reported. The state before each
change is written to a rollback file before the change is made, and each change is read back.

Needs the module Microsoft.Graph.Authentication, and: Connect-MgGraph -TenantId @@TENANT@@ -Scopes @@SCOPES@@

.PARAMETER Apply
Make the changes. Without it, a dry run.

.PARAMETER Rollback
A rollback file that this script wrote: puts back what it changed, if it is still as it was left. A dry run, too,
without -Apply.

.PARAMETER Limit
Stop after so many changes. 0 for no limit.

.PARAMETER RecordFolder
Where the rollback file and the result are written. Keep it outside the bundle, which is sealed.
#>
#Requires -Version 5.1
#Requires -Modules Microsoft.Graph.Authentication
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [switch] $Apply,
    [string] $Rollback = '',
    [ValidateRange(0, 1000000)] [int] $Limit = 0,
    [string] $RecordFolder = (Get-Location).Path
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$ActionId = '@@ACTION@@'
$RunId = '@@RUN@@'
$TenantId = '@@TENANT@@'
$ListFile = '@@LIST@@'
$ListSha256 = '@@SHA256@@'
$Version = '@@VERSION@@'
$Path = '@@PATH@@'
$Select = '@@SELECT@@'
$Key = '@@KEY@@'
$To = '@@TO@@'
$Values = @(@@VALUES@@)
$IsBoolean = $@@ISBOOLEAN@@
$Guid = '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'
$Attempts = 6
# Records are written whatever -WhatIf and -Confirm say: they change nothing in the tenant.
$Record = @{ Append = $true; NoTypeInformation = $true; Encoding = 'UTF8'; WhatIf = $false; Confirm = $false }

function Invoke-Graph {
    # One request; waits as long as the service asks, then tries again.
    param([string] $Method, [string] $Uri, [hashtable] $Body)
    for ($attempt = 1; $attempt -le $Attempts; $attempt++) {
        $request = @{
            Method = $Method; Uri = $Uri; OutputType = 'Hashtable'; SkipHttpErrorCheck = $true
            StatusCodeVariable = 'status'; ResponseHeadersVariable = 'headers'
        }
        if ($Body) {
            $request.Body = ($Body | ConvertTo-Json -Compress)
            $request.ContentType = 'application/json'
        }
        $status = 0; $headers = @{}
        $answer = Invoke-MgGraphRequest @request
        if ($status -notin 429, 503, 504) { return @{ Status = [int] $status; Body = $answer } }
        if ($attempt -lt $Attempts) { Start-Sleep -Seconds (Get-Wait $headers $attempt) }
    }
    return @{ Status = [int] $status; Body = $answer }
}

function Get-Wait {
    # Retry-After in seconds or as a date; without one, longer each time.
    param($Headers, [int] $Attempt)
    $said = ''
    if ($Headers -and $Headers.ContainsKey('Retry-After')) { $said = [string] (@($Headers['Retry-After'])[0]) }
    $seconds = 0.0
    $at = [DateTimeOffset]::MinValue
    $invariant = [Globalization.CultureInfo]::InvariantCulture
    if ([double]::TryParse($said, [Globalization.NumberStyles]::Float, $invariant, [ref] $seconds)) {
        return [Math]::Max(1, [Math]::Ceiling($seconds))
    }
    if ([DateTimeOffset]::TryParse($said, $invariant, [Globalization.DateTimeStyles]::AssumeUniversal, [ref] $at)) {
        return [Math]::Max(1, [Math]::Ceiling(($at - [DateTimeOffset]::UtcNow).TotalSeconds))
    }
    return [Math]::Min(120, [Math]::Pow(2, $Attempt))
}

function Get-Uri {
    param([string] $UserId)
    return $Version + $Path.Replace('{id}', $UserId)
}

function Get-State {
    # The state of a user now, as text; why there is none, otherwise.
    param([string] $UserId)
    $uri = Get-Uri $UserId
    if ($Select) { $uri += '?$select=' + $Select }
    $answer = Invoke-Graph -Method GET -Uri $uri
    if ($answer.Status -ne 200) { return @{ Known = $false; Text = "status $($answer.Status)" } }
    if (-not $answer.Body.ContainsKey($Key) -or $null -eq $answer.Body[$Key]) {
        return @{ Known = $false; Text = 'no value' }
    }
    return @{ Known = $true; Text = ([string] $answer.Body[$Key]).ToLowerInvariant() }
}

function Set-State {
    param([string] $UserId, [string] $Value)
    $typed = $Value
    if ($IsBoolean) { $typed = ($Value -eq 'true') }
    return (Invoke-Graph -Method PATCH -Uri (Get-Uri $UserId) -Body @{ $Key = $typed }).Status
}

$context = Get-MgContext
if ($null -eq $context) { throw "Connect first: Connect-MgGraph -TenantId $TenantId -Scopes @@SCOPES@@" }
if ($context.TenantId -ne $TenantId) { throw "Connected to the tenant $($context.TenantId), and not to $TenantId." }

if ($Rollback) {
    $rows = @(Import-Csv -LiteralPath $Rollback)
    $rows = @($rows | Where-Object { $_.action -eq $ActionId -and $_.tenantId -eq $TenantId })
    # The other way round: from what was set to what was before.
    $work = @($rows | ForEach-Object { @{ UserId = $_.userId; Seen = $_.to; To = $_.before } })
} else {
    $list = Join-Path $PSScriptRoot $ListFile
    $hash = (Get-FileHash -Algorithm SHA256 -LiteralPath $list).Hash
    if ($hash -ne $ListSha256) { throw "$ListFile is not the list that the audit $RunId wrote: its hash is $hash." }
    $rows = @(Import-Csv -LiteralPath $list)
    $work = @($rows | ForEach-Object { @{ UserId = $_.userId; Seen = $_.seen; To = $_.to } })
}
$stamp = [DateTime]::UtcNow.ToString('yyyyMMddTHHmmssZ')
$rollbackFile = Join-Path $RecordFolder "$ActionId.rollback.$stamp.csv"
$resultFile = Join-Path $RecordFolder "$ActionId.result.$stamp.csv"
if (-not $Apply) { Write-Host "DRY RUN: nothing is changed. Add -Apply to change $($work.Count) users." }

$changed = 0
foreach ($one in $work) {
    if ($Limit -and $changed -ge $Limit) { break }
    $outcome = ''
    if ($one.UserId -notmatch $Guid -or $one.To -notin $Values -or (-not $Rollback -and $one.To -ne $To)) {
        $outcome = 'skipped: the row is not as this script expects'
    } else {
        $now = Get-State $one.UserId
        if (-not $now.Known) {
            $outcome = "skipped: could not be read, $($now.Text)"
        } elseif ($now.Text -ne $one.Seen) {
            $outcome = "skipped: changed since, now $($now.Text)"
        } elseif (-not $Apply) {
            $outcome = "would change $($now.Text) to $($one.To)"
            $changed++
        } elseif ($PSCmdlet.ShouldProcess($one.UserId, "set $Key from $($now.Text) to $($one.To)")) {
            # First what was, then the change: whatever happens in between can be taken back.
            $before = [pscustomobject] @{
                tenantId = $TenantId; runId = $RunId; action = $ActionId; userId = $one.UserId
                before = $now.Text; to = $one.To; at = [DateTime]::UtcNow.ToString('o')
            }
            $before | Export-Csv -LiteralPath $rollbackFile @Record
            $status = Set-State $one.UserId $one.To
            # The service answers a change that it ignores like one that it makes.
            $after = Get-State $one.UserId
            $changed++
            if ($status -ge 400) { $outcome = "failed: status $status, now $($after.Text)" }
            elseif ($after.Text -ne $one.To) { $outcome = "failed: answered $status, but now $($after.Text)" }
            else { $outcome = "changed $($now.Text) to $($after.Text)" }
        } else {
            $outcome = 'skipped: not confirmed'
        }
    }
    $result = [pscustomobject] @{ userId = $one.UserId; outcome = $outcome }
    $result | Export-Csv -LiteralPath $resultFile @Record
    $result
}
Write-Host "$changed of $($work.Count) users $(if ($Apply) { 'were changed or tried' } else { 'would be changed' })."
Write-Host "Results: $resultFile"
if ($Apply -and (Test-Path -LiteralPath $rollbackFile)) { Write-Host "To take it back: -Rollback $rollbackFile -Apply" }
