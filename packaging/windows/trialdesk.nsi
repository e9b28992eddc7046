; Windows installer around the frozen folder: no administrator, no network, silent with /S.
; The folder must be made on Windows with packaging/trialdesk.spec.
;
;   makensis packaging/windows/trialdesk.nsi        (from the top of the checkout; writes build/trialdesk-setup.exe)

Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma

!include "MUI2.nsh"

!ifndef VERSION
  !define VERSION "0.1.0"
!endif
!ifndef FROZEN
  !define FROZEN "..\..\build\frozen\trialdesk"
!endif
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\TrialDesk"

Name "TrialDesk ${VERSION}"
OutFile "..\..\build\trialdesk-setup.exe"
InstallDir "$LOCALAPPDATA\Programs\TrialDesk"
RequestExecutionLevel user

!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

Section "TrialDesk"
  ; An update replaces the program wholly; a file of the old one must not stay beside the new.
  RMDir /r "$INSTDIR\program"
  SetOutPath "$INSTDIR\program"
  File /r "${FROZEN}/*"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\TrialDesk.lnk" "$INSTDIR\program\trialdesk.exe" "app"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "TrialDesk"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

; The desk lies in the person's data folder, never here: removing the program leaves every record.
Section "Uninstall"
  RMDir /r "$INSTDIR\program"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\TrialDesk.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
